package bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** Builds the archive with the one servlet that both servlet containers run. */
final class HelloWar {
    private static final String WEB_XML =
            """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
              <servlet><servlet-name>hello</servlet-name><servlet-class>Hello</servlet-class><load-on-startup>1</load-on-startup></servlet>
              <servlet-mapping><servlet-name>hello</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
            </web-app>
            """;

    private HelloWar() {}

    static Path build(Path home, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path api;
        try (var jars = Files.list(home.resolve("lib/ee11"))) {
            api = jars.filter(jar -> jar.getFileName().toString().startsWith("jakarta.servlet-api"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no servlet API in lib/ee11"));
        }
        Path source = home.resolve("bench/servlet/Hello.java");
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-cp", api.toString(), "-d", folder.toString(), source.toString());
        if (status != 0) {
            throw new IOException("the servlet does not compile");
        }
        Path war = folder.resolve("hello.war");
        try (OutputStream file = Files.newOutputStream(war);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
            zip.write(WEB_XML.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("WEB-INF/classes/Hello.class"));
            zip.write(Files.readAllBytes(folder.resolve("Hello.class")));
        }
        return war;
    }

    static List<String> names() {
        return List.of("marina", "tomcat");
    }
}
