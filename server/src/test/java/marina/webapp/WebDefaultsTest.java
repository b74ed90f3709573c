package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import marina.config.EeLevel;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jetty's defaults, conf/web.xml, the WAR's web.xml, the settings of the context: each wins over those before it. */
@SuppressWarnings("NullAway.Init")
class WebDefaultsTest {
    private static final String PAGE =
            """
            if (q.getParameter("fail") != null) throw new IllegalStateException("inner details");
            a.getWriter().print("timeout=" + q.getSession().getMaxInactiveInterval()
                + " a=" + getServletContext().getInitParameter("a") + " b=" + getServletContext().getInitParameter("b")
                + " c=" + getServletContext().getInitParameter("c") + " d=" + getServletContext().getInitParameter("d")
                + " foo=" + getServletContext().getMimeType("x.foo") + " bar=" + getServletContext().getMimeType("x.bar"));
            """;

    private static final String FILTER =
            """
            package app;
            import java.io.*; import $API.servlet.*; import $API.servlet.http.*;
            public class Mark implements Filter {
                public void init(FilterConfig c) {}
                public void destroy() {}
                public void doFilter(ServletRequest q, ServletResponse a, FilterChain c) throws IOException, ServletException {
                    ((HttpServletResponse) a).setHeader("X-Mark", "passed");
                    c.doFilter(q, a);
                }
            }
            """;

    /** As a copy of Tomcat's begins, with some lines of the operator. */
    private static final String CONF =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <servlet><servlet-name>default</servlet-name>
                <servlet-class>org.apache.catalina.servlets.DefaultServlet</servlet-class>
                <init-param><param-name>debug</param-name><param-value>0</param-value></init-param>
                <init-param><param-name>listings</param-name><param-value>true</param-value></init-param>
                <load-on-startup>1</load-on-startup></servlet>
              <servlet><servlet-name>jsp</servlet-name><servlet-class>org.apache.jasper.servlet.JspServlet</servlet-class>
                <init-param><param-name>fork</param-name><param-value>false</param-value></init-param></servlet>
              <servlet-mapping><servlet-name>default</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
              <servlet-mapping><servlet-name>jsp</servlet-name><url-pattern>*.jsp</url-pattern></servlet-mapping>
              <filter><filter-name>cors</filter-name><filter-class>org.apache.catalina.filters.CorsFilter</filter-class></filter>
              <filter-mapping><filter-name>cors</filter-name><url-pattern>/*</url-pattern></filter-mapping>
              <filter><filter-name>mark</filter-name><filter-class>app.Mark</filter-class></filter>
              <filter-mapping><filter-name>mark</filter-name><url-pattern>/*</url-pattern></filter-mapping>
              <context-param><param-name>a</param-name><param-value>conf</param-value></context-param>
              <context-param><param-name>b</param-name><param-value>conf</param-value></context-param>
              <session-config><session-timeout>17</session-timeout></session-config>
              <mime-mapping><extension>foo</extension><mime-type>application/x-conf</mime-type></mime-mapping>
              <mime-mapping><extension>bar</extension><mime-type>application/x-conf</mime-type></mime-mapping>
              <welcome-file-list><welcome-file>start.html</welcome-file></welcome-file-list>
              <error-page><error-code>404</error-code><location>/missing.html</location></error-page>
            </web-app>
            """;

    private static final String OWN =
            """
            <context-param><param-name>b</param-name><param-value>own</param-value></context-param>
            <context-param><param-name>c</param-name><param-value>own</param-value></context-param>
            <session-config><session-timeout>5</session-timeout></session-config>
            <mime-mapping><extension>foo</extension><mime-type>text/own</mime-type></mime-mapping>
            <welcome-file-list><welcome-file>own.html</welcome-file></welcome-file-list>
            <error-page><error-code>404</error-code><location>/own-missing.html</location></error-page>
            """;

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws Exception {
        MarinaUnderTest.write(base, "conf/web.xml", CONF);
        MarinaUnderTest.write(base, "conf/5xx.html", "the operator's page");
        StringBuilder contexts = new StringBuilder();
        for (String level : List.of("8", "9", "10", "11")) {
            pack("plain" + level + ".war", EeLevel.valueOf("EE" + level), "");
            pack("own" + level + ".war", EeLevel.valueOf("EE" + level), OWN);
            contexts.append("  /plain%s: { war: plain%s.war }\n".formatted(level, level));
            contexts.append("  /own%s: { war: own%s.war }\n".formatted(level, level));
            contexts.append(settings(level, level, "none"));
        }
        contexts.append("  /plainp: { war: plain9.war, isolation: process, ready: { timeout: 60s } }\n");
        contexts.append("  /ownp: { war: own9.war, isolation: process, ready: { timeout: 60s } }\n");
        contexts.append(settings("p", "9", "process"));
        marina = MarinaUnderTest.start(base, "defaults: { page_after: 90s }\ncontexts:\n" + contexts);
    }

    private static String settings(String name, String level, String isolation) {
        return """
              /set%s:
                war: own%s.war
                isolation: %s
                ready: { timeout: 60s }
                session_timeout: 90s
                welcome_files: [set.html]
                parameters: { c: set, d: "<&> ${name}" }
                mime: { foo: text/set }
                listings: false
                jars_to_skip: "skip*.jar"
                error_pages: { 5xx: conf/5xx.html, 404: conf/5xx.html }
            """
                .formatted(name, level, isolation)
                .indent(0);
    }

    private static void pack(String name, EeLevel level, String descriptor) throws IOException {
        String version = ThreeWaysToSettingsTest.webXml(level).replaceAll(".*version=\"([0-9.]+)\".*", "$1");
        TestWar war = new TestWar(level, base.resolve("scratch"))
                .type("app.Do", servlet(PAGE))
                .type("app.Mark", FILTER)
                .file("missing.html", "the default page")
                .file("own-missing.html", "the page of the application")
                .file("files/a.txt", "a")
                .file("WEB-INF/lib/skip-me.jar", jar("skipped.txt"))
                .file("WEB-INF/lib/keep-me.jar", jar("kept.txt"))
                .file("WEB-INF/web.xml", "<web-app version=\"" + version + "\">" + descriptor + "</web-app>");
        for (String file : List.of("start.html", "own.html", "set.html", "index.html")) {
            war.file("dir/" + file, file);
        }
        Files.createDirectories(base.resolve("webapps"));
        Files.copy(war.pack(name), base.resolve("webapps").resolve(name));
    }

    private static byte[] jar(String resource) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("META-INF/resources/" + resource));
            zip.write(resource.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9", "10", "11", "p"})
    void confWebXmlIsForAllWars(String level) {
        HttpResponse<String> page = marina.get("/plain" + level + "/do");
        assertThat(page.body())
                .isEqualTo("timeout=1020 a=conf b=conf c=null d=null foo=application/x-conf bar=application/x-conf");
        assertThat(page.headers().firstValue("X-Mark")).contains("passed");
        assertThat(marina.get("/plain" + level + "/dir/").body()).isEqualTo("start.html");
        assertThat(marina.get("/plain" + level + "/files/").body()).contains("a.txt");
        assertThat(marina.get("/plain" + level + "/WEB-INF/").statusCode()).isEqualTo(404);
        HttpResponse<String> missing = marina.get("/plain" + level + "/nothing");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).isEqualTo("the default page");
        assertThat(marina.get("/plain" + level + "/skipped.txt").body()).isEqualTo("skipped.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9", "10", "11", "p"})
    void theWebXmlOfTheWarWins(String level) {
        assertThat(marina.get("/own" + level + "/do").body())
                .isEqualTo("timeout=300 a=conf b=own c=own d=null foo=text/own bar=application/x-conf");
        assertThat(marina.get("/own" + level + "/dir/").body()).isEqualTo("own.html");
        assertThat(marina.get("/own" + level + "/nothing").body()).isEqualTo("the page of the application");
        assertThat(marina.get("/own" + level + "/do?fail").body())
                .contains("500")
                .doesNotContain("inner details");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9", "10", "11", "p"})
    void theSettingsOfTheContextWinOverAll(String level) {
        assertThat(marina.get("/set" + level + "/do").body())
                .isEqualTo("timeout=90 a=conf b=own c=set d=<&> set" + level + " foo=text/set bar=application/x-conf");
        assertThat(marina.get("/set" + level + "/dir/").body()).isEqualTo("set.html");
        assertThat(marina.get("/set" + level + "/files/").body()).doesNotContain("a.txt");
        assertThat(marina.get("/set" + level + "/nothing").body()).isEqualTo("the page of the application");
        HttpResponse<String> failed = marina.get("/set" + level + "/do?fail");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).isEqualTo("the operator's page");
        assertThat(marina.get("/set" + level + "/do?fail", "Accept", "application/json")
                        .body())
                .doesNotContain("operator");
        assertThat(marina.get("/set" + level + "/kept.txt").body()).isEqualTo("kept.txt");
        assertThat(marina.get("/set" + level + "/skipped.txt").statusCode()).isEqualTo(404);
    }

    @Test
    void aChangeOfConfWebXmlRedeploysAndABrokenOneChangesNothing(@TempDir Path other) throws Exception {
        Files.createDirectories(other.resolve("webapps"));
        Files.copy(base.resolve("webapps/plain11.war"), other.resolve("webapps/app.war"));
        MarinaUnderTest.write(other, "conf/web.xml", CONF);
        try (MarinaUnderTest changing = MarinaUnderTest.start(other, "defaults: { page_after: 60s }")) {
            assertThat(changing.get("/app/do").body()).startsWith("timeout=1020 ");

            MarinaUnderTest.write(other, "conf/web.xml", CONF.replace(">17<", ">18<"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> changing.get("/app/do").body().startsWith("timeout=1080 "));

            MarinaUnderTest.write(other, "conf/web.xml", CONF.replace("</session-config>", ""));
            ReloadOutcome outcome = changing.server().reloader().reload().join();
            assertThat(String.join("\n", outcome.messages()))
                    .contains("conf/web.xml:23:3: is not well-formed XML: The element type \"session-config\"");
            assertThat(changing.get("/app/do").body()).startsWith("timeout=1080 ");

            Files.delete(other.resolve("conf/web.xml"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> changing.get("/app/do").body().startsWith("timeout=1800 a=null"));
        }
    }
}
