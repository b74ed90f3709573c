package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/marina.sh} with a file that was written for Navigator. */
class NavigatorFileIT {
    private static final String FILE =
            """
            server:
              listen: "127.0.0.1:0"
              hostnam: example.com
            applications:
              runtime: { node: node }
              server: { node: %s/app.js }
              args: { node: ["{{port}}"] }
              tenants: [{ path: /one/, framework: node, env: { VERSION: first } }]
            """
                    .formatted(Apps.FOLDER);

    @TempDir
    private Path base;

    private HomeUnderTest home() throws IOException {
        HomeUnderTest home = HomeUnderTest.at(base, "").write("conf/navigator.yml", FILE);
        Files.delete(home.path("conf/server.yml"));
        return home;
    }

    @Test
    void runsItAndItsTenants() throws IOException {
        try (HomeUnderTest home = home()) {
            home.start();
            home.browser().awaitBody("/one/version", "first");
            home.write("conf/navigator.yml", FILE.replace("first", "second"));
            assertThat(home.marina("reload").exits(0).out()).isNotBlank();
            home.browser().awaitBody("/one/version", "second");
            assertThat(home.read("logs/marina.log"))
                    .contains("conf/navigator.yml:3:3: warning: server: unknown key \"hostnam\"");
        }
    }

    @Test
    void checksItStrictlyOrNot() throws IOException {
        HomeUnderTest home = home();
        HomeUnderTest.Outcome tolerant = home.marina("check").exits(0);
        assertThat(tolerant.out()).contains("conf/navigator.yml is valid: 1 contexts, 1 warning");
        assertThat(tolerant.err()).contains("did you mean \"hostname\"?");
        assertThat(home.marina("check", "--strict").exits(1).err()).contains("has 1 warning");
        home.write("conf/navigator.yml", FILE.replace("  hostnam: example.com\n", ""));
        home.marina("check", "--strict").exits(0);
    }

    @Test
    void convertsItToAFileThatIsWithoutProblems() throws IOException {
        HomeUnderTest home = home();
        String converted = home.marina(
                        "convert", home.path("conf/navigator.yml").toString())
                .exits(0)
                .out();
        assertThat(converted).contains("contexts:", "# line 3, warning: server: unknown key");
        home.write("conf/other.yml", converted);
        String file = home.path("conf/other.yml").toString();
        assertThat(home.marina("check", "--strict", "-c", file).exits(0).out()).contains("1 contexts");
        assertThat(home.marina("-c", file, "dump").exits(0).out())
                .isEqualTo(home.marina("dump").exits(0).out());
    }
}
