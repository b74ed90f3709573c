package marina.config;

import java.util.List;

/**
 * Libraries that many WARs have, and in which there is nothing for a servlet container: no annotated servlet, filter or listener,
 * no fragment, no tag library, no files, no initializer. Not to look may halve the work of a WAR's start.
 */
final class KnownJars {
    /** Names as in {@code jars_to_skip}. */
    static final List<String> NAMES = List.of(
            """
            antlr-*.jar antlr4-*.jar aopalliance-*.jar asm-*.jar bcpkix-*.jar bcprov-*.jar bcutil-*.jar
            byte-buddy-*.jar caffeine-*.jar cglib-*.jar classmate-*.jar commons-beanutils-*.jar
            commons-codec-*.jar commons-collections*.jar commons-compress-*.jar commons-csv-*.jar
            commons-dbcp*.jar commons-digester*.jar commons-fileupload-*.jar commons-io-*.jar commons-lang*.jar
            commons-logging-*.jar commons-math*.jar commons-pool*.jar commons-text-*.jar dom4j-*.jar
            ehcache-*.jar error_prone_annotations-*.jar failureaccess-*.jar flexmark-*.jar fontbox-*.jar
            gson-*.jar guava-*.jar h2-*.jar hibernate-core-*.jar httpasyncclient-*.jar httpclient*.jar
            httpcore*.jar icu4j-*.jar itextpdf-*.jar jackson-annotations-*.jar jackson-core-*.jar
            jackson-databind-*.jar jackson-dataformat-*.jar jackson-datatype-*.jar javassist-*.jar jaxb-*.jar
            jcl-over-slf4j-*.jar jdom*.jar jna-*.jar joda-time-*.jar json-smart-*.jar jsoup-*.jar
            jul-to-slf4j-*.jar kotlin-stdlib*.jar log4j-1.2-api-*.jar log4j-api-*.jar log4j-core-*.jar
            log4j-slf4j*.jar logback-core-*.jar lucene-*.jar mariadb-java-client-*.jar mysql-connector-*.jar
            netty-*.jar okhttp-*.jar okio-*.jar oro-*.jar pdfbox-*.jar poi-*.jar postgresql-*.jar
            protobuf-java-*.jar quartz-*.jar reactive-streams-*.jar reactor-core-*.jar rdf4j-*.jar slf4j-*.jar
            snakeyaml-*.jar spring-aop-*.jar spring-beans-*.jar spring-context-*.jar spring-core-*.jar
            spring-expression-*.jar spring-jcl-*.jar spring-jdbc-*.jar spring-orm-*.jar spring-tx-*.jar
            sqlite-jdbc-*.jar stax-api-*.jar tika-*.jar velocity-engine-*.jar xalan-*.jar xercesImpl-*.jar
            xml-apis-*.jar xmlbeans-*.jar xstream-*.jar xz-*.jar
            """
                    .split("\\s+"));

    private KnownJars() {}
}
