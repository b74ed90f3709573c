package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that cannot start says why and leaves nothing behind. */
class FailedStartTest {
    @TempDir
    private Path base;

    @Test
    void aPortInUseIsNamedAndNoHookHasRun() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MarinaUnderTest.write(
                    base,
                    "conf/server.yml",
                    """
                    listen: "127.0.0.1:%d"
                    hooks:
                      start: [{ command: [touch, started] }]
                      stop: [{ command: [touch, stopped] }]
                    """
                            .formatted(taken.getLocalPort()));

            assertThatThrownBy(() -> MarinaUnderTest.startAsWritten(base))
                    .hasRootCauseInstanceOf(java.net.BindException.class)
                    .cause()
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("listen");
        }
        assertThat(base.resolve("started")).doesNotExist();
        assertThat(base.resolve("stopped")).doesNotExist();
    }

    @Test
    void aFailingStartHookKeepsTheServerFromServing() throws Exception {
        int port = freePort();
        MarinaUnderTest.write(
                base,
                "conf/server.yml",
                """
                listen: "127.0.0.1:%d"
                hooks: { start: [{ command: [sh, -c, "echo no database >&2; exit 4"] }] }
                """
                        .formatted(port));

        assertThatThrownBy(() -> MarinaUnderTest.startAsWritten(base))
                .cause()
                .hasMessageContaining("exit status 4")
                .hasMessageContaining("no database");
        try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(again.getLocalPort()).as("the port is free again").isEqualTo(port);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Files.writeString(base.resolve("run"), "a file where a folder should be");
        MarinaUnderTest.write(base, "conf/server.yml", "listen: \"127.0.0.1:0\"\n");

        assertThatThrownBy(() -> MarinaUnderTest.startAsWritten(base))
                .cause()
                .hasMessageContaining(base.resolve("run").toString());
    }
}
