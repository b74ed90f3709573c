package marina.simulator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import marina.simulator.testing.World;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSockets through the edge: only the machine that serves them answers 101. */
class WebSocketReplayTest {

    private World world;

    @BeforeEach
    void begin() {
        world = World.ofThree();
    }

    @AfterEach
    void end() {
        world.close();
    }

    private record Client(WebSocket socket, BlockingQueue<String> messages) {
        String next() throws InterruptedException {
            return String.valueOf(messages.poll(10, TimeUnit.SECONDS));
        }
    }

    private Client connect(String... fields) {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            builder.header(fields[i], fields[i + 1]);
        }
        URI url = URI.create(world.simulator().url("shop").toString().replace("http", "ws") + "/live");
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                messages.add(data.toString());
                socket.request(1);
                return CompletableFuture.completedFuture(data);
            }

            @Override
            public void onError(WebSocket socket, Throwable error) {
                messages.add("error");
            }

            @Override
            public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                messages.add("closed");
                return CompletableFuture.completedFuture(reason);
            }
        };
        return new Client(builder.buildAsync(url, listener).join(), messages);
    }

    @Test
    void framesGoBothWays() throws InterruptedException {
        Client client = connect();
        assertThat(client.next()).isEqualTo("hello from m1");
        client.socket().sendText("ping", true).join();
        assertThat(client.next()).isEqualTo("m1: ping");
        client.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(client.next()).isEqualTo("closed");
        Awaitility.await().until(() -> world.machine("m1").load().requests() == 0);
        assertThat(world.events("tunnel closed")).hasSize(1);
    }

    @Test
    void aHandshakeIsReplayedToTheMachineThatAnswers101() throws InterruptedException {
        Client client = connect("x-plan", World.replay("m1", "region=nrt"));
        assertThat(client.next()).isEqualTo("hello from m3");
        client.socket().sendText("x", true).join();
        assertThat(client.next()).isEqualTo("m3: x");
        assertThat(world.machine("m3").load().requests())
                .as("an open socket is load")
                .isEqualTo(1);
        assertThat(world.machine("m1").load().requests()).isZero();
        assertThat(world.events("hop")).extracting(hop -> hop.get("decision")).containsExactly("replay", "tunnel");
        client.socket().abort();
    }

    @Test
    void aKilledMachineClosesItsSockets() throws InterruptedException {
        Client client = connect();
        assertThat(client.next()).isEqualTo("hello from m1");
        world.machine("m1").kill().join();
        assertThat(client.next()).isIn("closed", "error");
    }

    @Test
    void aSuspendedMachineIsSilentAndGoesOnAfterwards() throws InterruptedException {
        Client client = connect();
        assertThat(client.next()).isEqualTo("hello from m1");
        world.machine("m1").suspend(Duration.ZERO, "test").join();
        world.await("m1", marina.simulator.machine.MachineState.SUSPENDED);
        client.socket().sendText("frozen", true).join();
        assertThat(client.messages().poll(300, TimeUnit.MILLISECONDS)).isNull();
        world.machine("m1").start("test").join();
        assertThat(client.next()).isEqualTo("m1: frozen");
        client.socket().abort();
    }
}
