package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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

    @Test
    void startsVectorBeforeAllElseAndEndsItWithAReload() throws IOException {
        Path socket = Files.createTempDirectory("v").resolve("s");
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        HomeUnderTest home = home().with("PATH", base.resolve("path") + ":" + System.getenv("PATH"));
        String vector = FILE + "logging: { vector: { enabled: true, socket: " + socket + ", config: vector.toml } }\n";
        home.write("vector.toml", "").write("conf/navigator.yml", vector);
        home.write(
                "path/vector",
                """
                #!/bin/sh
                echo "started $*" >> BASE/vector.runs
                [ -e BASE/stay ] || exit 1
                echo $$ > BASE/vector.pid
                exec sleep 600
                """
                        .replace("BASE", base.toString()));
        assertThat(home.path("path/vector").toFile().setExecutable(true)).isTrue();
        try (home) {
            home.start();
            assertThat(socket).doesNotExist();
            // It ends with 1, and is started again.
            await().atMost(HomeUnderTest.PATIENCE)
                    .until(() -> home.lines("vector.runs").size() > 1);
            assertThat(home.lines("vector.runs").get(0)).isEqualTo("started --config " + base.resolve("vector.toml"));
            home.write("stay", "");
            await().atMost(HomeUnderTest.PATIENCE)
                    .until(() -> !home.read("vector.pid").isBlank());
            home.browser().awaitBody("/one/version", "first");

            home.write("conf/navigator.yml", FILE);
            home.marina("reload").exits(0);
            long pid = Long.parseLong(home.read("vector.pid").strip());
            await().atMost(HomeUnderTest.PATIENCE).until(() -> !Processes.isAlive(pid));
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(Objects.requireNonNull(socket.getParent()));
        }
    }
}
