package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import marina.config.EeLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** JSP pages find the tags of JSTL, whether their WAR brings them along or not. */
class StandardTagsTest {
    private static final String PAGE =
            """
            <%@ page contentType="text/plain" %><%@ taglib uri="CORE" prefix="c" %>\
            <%@ taglib uri="FUNCTIONS" prefix="fn" %><c:forEach var="i" begin="1" end="3">${fn:toUpperCase("no")}<c:out value=" ${i}<"/>,</c:forEach>""";
    private static final String OLD = "http://java.sun.com/jsp/jstl/";

    @TempDir
    Path base;

    private HostUnderTest host;

    @BeforeEach
    void open() throws Exception {
        host = new HostUnderTest(base);
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    @ParameterizedTest
    @CsvSource({"EE8,false", "EE9,false", "EE10,false", "EE11,false", "EE10,true", "EE11,true"})
    void tagsAreThere(EeLevel level, boolean newNames) throws Exception {
        start(level, new TestWar(level, base), newNames ? "jakarta.tags." : OLD);
        assertThat(host.get("/j/page.jsp")).isEqualTo("NO 1&lt;,NO 2&lt;,NO 3&lt;,");
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void anOwnCopyDoesNoHarm(EeLevel level) throws Exception {
        TestWar war = new TestWar(level, base);
        try (Stream<Path> jars = Files.list(TestWar.lib(level))) {
            for (Path jar : jars.filter(file -> file.toString().contains("servlet.jsp.jstl"))
                    .toList()) {
                war.file("WEB-INF/lib/" + jar.getFileName(), Files.readAllBytes(jar));
            }
        }
        start(level, war, OLD);
        assertThat(host.get("/j/page.jsp")).isEqualTo("NO 1&lt;,NO 2&lt;,NO 3&lt;,");
    }

    private void start(EeLevel level, TestWar war, String names) throws Exception {
        String page = PAGE.replace("CORE", names + "core").replace("FUNCTIONS", names + "functions");
        host.start(host.settings(
                "/j",
                war.file("WEB-INF/web.xml", ThreeWaysToSettingsTest.webXml(level))
                        .type("app.Do", servlet(""))
                        .file("page.jsp", page)
                        .pack("j.war")));
    }
}
