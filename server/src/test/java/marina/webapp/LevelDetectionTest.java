package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import marina.config.EeLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LevelDetectionTest {
    private static final String LIES = "<web-app xmlns=\"http://xmlns.jcp.org/xml/ns/javaee\" version=\"3.1\">"
            + "<servlet><servlet-name>d</servlet-name><servlet-class>lib.Main</servlet-class></servlet></web-app>";
    private static final String SERVLET = "package NAME; public class Main extends $API.servlet.http.HttpServlet {}";

    @TempDir
    Path base;

    @Test
    void classesWinOverTheNamespaceOfWebXml() throws Exception {
        assertThat(level(war(EeLevel.EE10, "app").file("WEB-INF/web.xml", LIES)))
                .isEqualTo(EeLevel.EE10);
        assertThat(level(war(EeLevel.EE8, "app").file("WEB-INF/web.xml", "<web-app version=\"6.0\"/>")))
                .isEqualTo(EeLevel.EE8);
    }

    @Test
    void theVersionTellsWhichJakartaIsMeant() throws Exception {
        assertThat(level(war(EeLevel.EE9, "app").file("WEB-INF/web.xml", "<web-app version=\"5.0\"/>")))
                .isEqualTo(EeLevel.EE9);
        assertThat(level(war(EeLevel.EE11, "app").file("WEB-INF/web.xml", "<web-app version=\"6.1\"/>")))
                .isEqualTo(EeLevel.EE11);
        assertThat(level(war(EeLevel.EE10, "app"))).isEqualTo(EeLevel.EE10);
    }

    @Test
    void pagesWithTheTagsOfEe10AreNotTakenForOlder() throws Exception {
        String old = "<%@ taglib uri=\"http://java.sun.com/jsp/jstl/core\" prefix=\"c\" %>";
        String current = "<%@ taglib uri=\"jakarta.tags.core\" prefix=\"c\" %>";
        assertThat(level(war(EeLevel.EE9, "app")
                        .file("WEB-INF/web.xml", "<web-app version=\"5.0\"/>")
                        .file("a.jsp", old)))
                .isEqualTo(EeLevel.EE9);
        assertThat(level(war(EeLevel.EE9, "app")
                        .file("WEB-INF/web.xml", "<web-app version=\"5.0\"/>")
                        .file("a.jsp", old)
                        .file("WEB-INF/views/b.jspf", current)))
                .isEqualTo(EeLevel.EE10);
    }

    @Test
    void jarsThatWebXmlNamesComeBeforeTheirNeighbours() throws Exception {
        TestWar war = new TestWar(EeLevel.EE10, base).file("WEB-INF/web.xml", LIES);
        war.file("WEB-INF/lib/a-legacy.jar", Files.readAllBytes(jar(EeLevel.EE8, "old")));
        war.file("WEB-INF/lib/b-legacy.jar", Files.readAllBytes(jar(EeLevel.EE8, "older")));
        war.file("WEB-INF/lib/main.jar", Files.readAllBytes(jar(EeLevel.EE10, "lib")));
        assertThat(level(war)).isEqualTo(EeLevel.EE10);
    }

    @Test
    void withoutCodeItsDescriptorTells() throws Exception {
        assertThat(level(new TestWar(EeLevel.EE10, base).file("a.jsp", ""))).isEqualTo(EeLevel.EE10);
        assertThat(level(new TestWar(EeLevel.EE10, base)
                        .file("WEB-INF/web.xml", "<web-app version=\"2.5\"><broken></web-app>")))
                .isEqualTo(EeLevel.EE10);
        assertThat(level(new TestWar(EeLevel.EE10, base).file("WEB-INF/web.xml", "<web-app version=\"2.5\"/>")))
                .isEqualTo(EeLevel.EE8);
    }

    private TestWar war(EeLevel level, String name) throws Exception {
        return new TestWar(level, base).type(name + ".Main", SERVLET.replace("NAME", name));
    }

    /** Not quite a jar of classes: they lie below WEB-INF/classes; so it is made of an exploded WAR's folder. */
    private Path jar(EeLevel level, String name) throws Exception {
        Path folder =
                war(level, name).explode(Files.createTempDirectory(base, "jar").getFileName() + "/x");
        String entry = name + "/Main.class";
        return new TestWar(level, base)
                .file(
                        entry,
                        Files.readAllBytes(folder.resolve("WEB-INF/classes").resolve(entry)))
                .pack(name + ".jar");
    }

    private EeLevel level(TestWar war) throws Exception {
        Path folder = war.explode(Files.createTempDirectory(base, "war").getFileName() + "/x");
        return LevelDetection.of(folder, Descriptor.of(folder));
    }
}
