package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;
import marina.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners without TLS: Unix sockets, the PROXY protocol, the redirect to https, and changes of all these while running. */
class PlainListenerTest {
    private static final String APP = "contexts: { /app: { command: [node, \""
            + Path.of("src/test/resources/apps/app.js").toAbsolutePath() + "\"] } }\n";

    @TempDir
    private Path base;

    @Test
    void answersOnAUnixSocketThatOnlyItsGroupMayUse() throws Exception {
        try (MarinaUnderTest marina = start("listen: [\"127.0.0.1:0\", \"unix:run/http.sock\"]\n" + APP)) {
            Path socket = base.resolve("run/http.sock");

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw----");
            assertThat(askUnix(socket, "/app/headers"))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"x-forwarded-for\":\"unix:\"", "\"forwarded\":\"for=unknown;");
            assertThat(marina.server().urls()).last().isEqualTo(URI.create("unix:run/http.sock"));
        }
        assertThat(base.resolve("run/http.sock")).doesNotExist();
    }

    @Test
    void replacesTheSocketOfAServerThatIsGoneAndNoOther() throws Exception {
        Files.createDirectories(base.resolve("run"));
        Path socket = base.resolve("run/http.sock");
        String yaml = "listen: { socket: run/http.sock, mode: 600 }\n";
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> start(yaml))
                    .cause()
                    .hasMessageContaining("cannot listen on unix:run/http.sock: another process listens on");
        }
        assertThat(socket).exists();
        try (MarinaUnderTest marina = start(yaml)) {
            assertThat(askUnix(socket, "/up")).endsWith("OK");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(marina.server().urls()).hasSize(1);
        }
        Files.writeString(socket, "precious");
        assertThatThrownBy(() -> start(yaml)).cause().hasMessageContaining("a file of another kind");
        assertThat(socket).hasContent("precious");
    }

    @Test
    void takesTheClientsAddressFromTheProxyHeaderAndNobodyWithoutOne() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        try (MarinaUnderTest marina = start(
                """
                listen:
                  - { host: 127.0.0.1, port: 0, proxy_protocol: true }
                  - { host: 127.0.0.1, port: 0, proxy_protocol: true, tls: { certificate: conf/a.crt, key: conf/a.key } }
                """
                        + APP)) {
            String header = "PROXY TCP4 192.0.2.7 192.0.2.9 1000 80\r\n";
            List<URI> urls = marina.server().urls();

            assertThat(ask(urls.get(0), header, "/app/headers")).contains("\"x-forwarded-for\":\"192.0.2.7\"");
            assertThat(ask(urls.get(0), "", "/app/headers")).isEmpty();
            assertThat(ask(urls.get(0), "PROXY TCP4 nobody\r\n", "/app/headers"))
                    .isEmpty();
            Socket plain =
                    new Socket(InetAddress.getLoopbackAddress(), urls.get(1).getPort());
            plain.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
            try (TlsWire wire = TlsWire.over(plain, "a.test")) {
                assertThat(wire.head("/app/headers")).startsWith("HTTP/1.1 200");
                assertThat(wire.body(150))
                        .contains("\"x-forwarded-for\":\"192.0.2.7\"", "\"x-forwarded-proto\":\"https\"");
            }
        }
    }

    /** A broadcast is taken from this machine only; that a client is here, it cannot claim by that header. */
    @Test
    void nobodyIsOnThisMachineBecauseAProxyHeaderSaysSo() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        try (MarinaUnderTest marina = start(
                """
                listen:
                  - { host: 127.0.0.1, port: 0, proxy_protocol: true }
                  - { host: 127.0.0.1, port: 0, proxy_protocol: true, tls: { certificate: conf/a.crt, key: conf/a.key } }
                cable: { path: /cable, require_token: false }
                """)) {
            String header = "PROXY TCP4 127.0.0.1 127.0.0.1 1000 80\r\n";
            List<URI> urls = marina.server().urls();

            assertThat(ask(urls.get(0), header, "/_broadcast")).startsWith("HTTP/1.1 403");
            Socket plain =
                    new Socket(InetAddress.getLoopbackAddress(), urls.get(1).getPort());
            plain.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
            try (TlsWire wire = TlsWire.over(plain, "a.test")) {
                assertThat(wire.head("/_broadcast")).startsWith("HTTP/1.1 403");
            }
        }
    }

    @Test
    void sendsClientsOnToHttpsButNotTheHealthCheck() {
        TestCertificates.of("a.test").write(base, "a");
        try (MarinaUnderTest marina = start(
                """
                listen:
                  - { host: 127.0.0.1, port: 0, redirect_to_https: true }
                  - { host: 127.0.0.1, port: 0, tls: { certificate: conf/a.crt, key: conf/a.key } }
                hsts: 1y
                """)) {
            int https = marina.server().urls().get(1).getPort();
            HttpResponse<String> answer = marina.get("/a%20b/c?q=%C3%A9&z");

            assertThat(answer.statusCode()).isEqualTo(301);
            assertThat(location(answer)).isEqualTo("https://127.0.0.1:" + https + "/a%20b/c?q=%C3%A9&z");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
            assertThat(marina.post("/form", "x").statusCode()).isEqualTo(308);
            assertThat(marina.get("/up").body()).isEqualTo("OK");
        }
    }

    @Test
    void sendsClientsToThePortThatIsWritten() {
        try (MarinaUnderTest marina = start("listen: { host: 127.0.0.1, port: 0, redirect_to_https: 443 }\n")) {
            assertThat(location(marina.get("/x"))).isEqualTo("https://127.0.0.1/x");
        }
    }

    @Test
    void opensAndClosesAddressesAtAReload() throws Exception {
        int port = freePort();
        try (MarinaUnderTest marina = start("listen: \"127.0.0.1:0\"\n")) {
            URI first = marina.server().urls().get(0);

            ReloadOutcome outcome = marina.reload("  # the same\n");
            assertThat(outcome.succeeded()).isTrue();
            assertThat(marina.server().urls()).containsExactly(first);

            MarinaUnderTest.write(
                    base, "conf/server.yml", "listen: [\"127.0.0.1:%d\", \"unix:run/a.sock\"]".formatted(port));
            assertThat(marina.server().reloader().reload().join().succeeded()).isTrue();
            assertThat(marina.get("/up").body()).isEqualTo("OK");
            assertThat(marina.uri("").getPort()).isEqualTo(port);
            assertThat(askUnix(base.resolve("run/a.sock"), "/up")).endsWith("OK");
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), first.getPort()).close())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void keepsItsAddressesWhenANewOneIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                MarinaUnderTest marina = start("listen: \"127.0.0.1:0\"\n")) {
            MarinaUnderTest.write(base, "conf/server.yml", "listen: \"127.0.0.1:%d\"".formatted(taken.getLocalPort()));
            ReloadOutcome outcome = marina.server().reloader().reload().join();

            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.messages())
                    .last()
                    .asString()
                    .contains("conf/server.yml:1:9: cannot listen on 127.0.0.1:" + taken.getLocalPort());
            assertThat(marina.get("/up").body()).isEqualTo("OK");
        }
    }

    private MarinaUnderTest start(String yaml) {
        assumeThat(base.resolve("run/http.sock").toString().length()).isLessThan(104);
        MarinaUnderTest.write(base, "conf/server.yml", yaml);
        return MarinaUnderTest.startAsWritten(base);
    }

    @Test
    void speaksDifferentlyOnTheSameAddressAfterAReload() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        int port = freePort();
        try (MarinaUnderTest marina = start("listen: \"127.0.0.1:%d\"\n".formatted(port))) {
            assertThat(marina.get("/up").body()).isEqualTo("OK");
            MarinaUnderTest.write(
                    base,
                    "conf/server.yml",
                    "listen: { host: 127.0.0.1, port: %d, tls: { certificate: conf/a.crt, key: conf/a.key } }"
                            .formatted(port));
            assertThat(marina.server().reloader().reload().join().succeeded()).isTrue();

            try (TlsWire wire = TlsWire.connect(port, "a.test")) {
                assertThat(wire.head("/up")).startsWith("HTTP/1.1 200");
            }
        }
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
    }

    /** The whole answer; empty when the server closes instead. */
    private static String ask(URI url, String header, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((header + request(path)).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (java.net.SocketException e) {
            return ""; // closed with bytes unread
        }
    }

    private static String askUnix(Path socket, String path) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(request(path).getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                answer.append(StandardCharsets.US_ASCII.decode(buffer));
                buffer.clear();
            }
        }
        return answer.toString();
    }
}
