package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Unix sockets are different from TCP, clients do not notice. */
class UnixSocketForwardingTest {
    private static final int CLIENTS = 40;

    @TempDir
    private Path folder;

    @Test
    void waitsForABackendThatIsSlowToAccept() throws Exception {
        try (ServerSocketChannel backend = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Front front = Front.to(target(), ForwardTimeouts.DEFAULT)) {
            backend.bind(UnixDomainSocketAddress.of(path()), 1);
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                HttpRequest request = HttpRequest.newBuilder(front.uri("/"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                answers.add(client.sendAsync(request, BodyHandlers.ofString()));
            }
            Front.soon("all have been sent", () -> front.exchanges() == CLIENTS);

            new Thread(() -> accept(backend), "slow-backend").start();

            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer)
                        .succeedsWithin(Duration.ofSeconds(10))
                        .satisfies(response -> assertThat(response.statusCode()).isEqualTo(204));
            }
        }
    }

    @Test
    void takesASocketThatIsNotThereForARefusal() throws Exception {
        try (Front front = Front.to(target(), ForwardTimeouts.DEFAULT)) {
            HttpRequest request = HttpRequest.newBuilder(front.uri("/")).build();

            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(502);

            assertThat(front.failures()).singleElement().isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void answers504WhenTheBackendDoesNotAcceptInTime() throws Exception {
        ForwardTimeouts usual = ForwardTimeouts.DEFAULT;
        ForwardTimeouts impatient = new ForwardTimeouts(
                Duration.ofMillis(300), usual.answer(), usual.quiet(), usual.pooled(), usual.tunnel(), usual.goOn());
        try (ServerSocketChannel backend = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX);
                Front front = Front.to(target(), impatient)) {
            backend.bind(UnixDomainSocketAddress.of(path()), 1);
            first.connect(UnixDomainSocketAddress.of(path()));
            second.connect(UnixDomainSocketAddress.of(path()));
            HttpRequest request = HttpRequest.newBuilder(front.uri("/")).build();

            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(504);
        }
    }

    /** Until the channel is closed. */
    private static void accept(ServerSocketChannel backend) {
        try {
            while (true) {
                SocketChannel connection = backend.accept();
                new Thread(() -> answer(connection), "slow-backend-connection").start();
            }
        } catch (IOException e) {
            assertThat(backend.isOpen()).isFalse();
        }
    }

    private static void answer(SocketChannel connection) {
        ByteBuffer answer = StandardCharsets.US_ASCII.encode("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        try (connection) {
            if (connection.read(ByteBuffer.allocate(8192)) > 0) {
                connection.write(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ForwardTarget target() {
        return ForwardTarget.to(URI.create("unix:" + path()));
    }

    private Path path() {
        return folder.resolve("app.sock");
    }
}
