package marina.simulator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import marina.simulator.testing.World;
import marina.simulator.testing.World.Reply;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies on their way: streamed, sent again, refused when they are too large for that; answers as they come. */
class BodyTest {

    private static World world;

    @BeforeAll
    static void begin() {
        world = World.ofThree();
    }

    @AfterAll
    static void end() {
        world.close();
    }

    private static byte[] bytes(int length) {
        byte[] found = new byte[length];
        new Random(length).nextBytes(found);
        return found;
    }

    private static void arrived(Reply reply, String machine, byte[] body) throws Exception {
        assertThat(reply.machine()).isEqualTo(machine);
        assertThat(reply.told())
                .containsEntry("length", (long) body.length)
                .containsEntry(
                        "sha256",
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
    }

    private static String early(String header) {
        return new JSON().toJSON(Map.of("m1", Map.of("early", true, "headers", Map.of("fly-replay", header))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 70_000, 1_000_000})
    void aBodyWithinTheLimitIsReplayedWhole(int length) throws Exception {
        byte[] body = bytes(length);
        arrived(world.post("/", body, "x-plan", World.replay("m1", "region=nrt")), "m3", body);
        arrived(world.post("/", body, "x-plan", early("region=nrt")), "m3", body);
        Reply chunked = world.send(
                "shop",
                "PUT",
                "/",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
                "x-plan",
                World.replay("m1", "region=nrt"));
        arrived(chunked, "m3", body);
    }

    @Test
    void aLargerBodyCannotBeReplayed() {
        byte[] body = bytes(1_000_001);
        assertThat(world.post("/", body, "x-plan", World.replay("m1", "region=nrt"))
                        .field("sim-fault"))
                .isEqualTo("PA01");
        Reply chunked = world.send(
                "shop",
                "POST",
                "/",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
                "x-plan",
                World.replay("m1", "region=nrt"));
        assertThat(chunked.field("sim-fault")).isEqualTo("PA01");
    }

    @Test
    void fiftyMegabytesReachAMachineThatTakesThem() throws Exception {
        byte[] body = bytes(50_000_000);
        arrived(world.post("/", body, "fly-prefer-region", "nrt"), "m3", body);
    }

    @Test
    void anAnswerStreamsWhileItIsWritten() throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), world.simulator().url("shop").getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(readUntil(socket.getInputStream(), "data: first")).contains("200 OK", "Via: 1.1 fly.io");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNotMadeToLookComplete() throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), world.simulator().url("shop").getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("GET /half HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String all = readUntil(socket.getInputStream(), "no such text");
            assertThat(all).contains("Content-Length: 1000").endsWith("half");
        }
    }

    private static String readUntil(InputStream input, String text) throws IOException {
        StringBuilder found = new StringBuilder();
        while (found.indexOf(text) < 0) {
            int next;
            try {
                next = input.read();
            } catch (java.net.SocketException e) {
                break; // reset is an end, too
            }
            if (next < 0) {
                break;
            }
            found.append((char) next);
        }
        return found.toString();
    }
}
