package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import marina.testing.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Web applications that bring a Logback of their own; it must find its own file and nothing of Marina's. */
class LoggingOfWarsIT {
    private static final String[] LOGBACK = {"slf4j-api-", "logback-classic-", "logback-core-"};

    private static final String SETTINGS =
            """
            <configuration>
              <appender name="own" class="ch.qos.logback.core.FileAppender">
                <file>%s</file><encoder><pattern>own: %%msg%%n</pattern></encoder>
              </appender>
              <root level="INFO"><appender-ref ref="own"/></root>
            </configuration>
            """;

    private static final String SERVLET =
            """
            import jakarta.servlet.annotation.WebServlet; import jakarta.servlet.http.*; import java.io.IOException;
            @WebServlet("/do") public class Do extends HttpServlet {
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    org.slf4j.LoggerFactory.getLogger("app").info("from the application");
                    a.getWriter().print("done");
                }
            }
            """;

    @TempDir
    private Path base;

    @Test
    void aLogbackInAWarReadsTheFileOfTheWarWhereverItRuns() throws IOException {
        String contexts =
                """
                defaults: { page_after: 60s, ready: { timeout: 60s } }
                contexts:
                  /here: { war: here, ee: 10 }
                  /apart: { war: apart, ee: 10, isolation: process }
                """;
        try (HomeUnderTest home = HomeUnderTest.at(base, contexts)) {
            List<String> names = List.of("here", "apart");
            for (String name : names) {
                build(name);
            }
            home.start();
            for (String name : names) {
                assertThat(home.browser().body("/" + name + "/do")).isEqualTo("done");
                assertThat(home.read(name + ".log")).contains("own: from the application");
            }
            assertThat(home.read("logs/marina.log")).doesNotContain("from the application");
        }
    }

    private void build(String name) throws IOException {
        Path folder = base.resolve("webapps").resolve(name).resolve("WEB-INF");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Files.createDirectories(folder.resolve("lib"));
        Files.writeString(classes.resolve("logback.xml"), SETTINGS.formatted(base.resolve(name + ".log")));
        Path lib = HomeUnderTest.home().resolve("lib");
        List<Path> logback = Sources.jars(lib, LOGBACK);
        for (Path jar : logback) {
            Files.copy(jar, folder.resolve("lib").resolve(jar.getFileName()));
        }
        List<Path> classPath = new ArrayList<>(logback);
        classPath.addAll(Sources.jars(lib.resolve("ee10"), "jakarta.servlet-api-"));
        Sources.compile(Files.writeString(base.resolve("Do.java"), SERVLET), classes, classPath);
    }
}
