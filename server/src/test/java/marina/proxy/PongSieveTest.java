package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a stream of frames, in whatever pieces it comes, just the answers to our own pings are missing. */
class PongSieveTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesOutTheAnswersToItsOwnPingsAndNothingElse(boolean masked) {
        Heartbeat heartbeat = new Heartbeat();
        byte[] ping = heartbeat.ping(false);
        String ours = new String(Arrays.copyOfRange(ping, 2, ping.length), StandardCharsets.ISO_8859_1);
        List<Frame> others = List.of(
                new Frame(Frame.TEXT, masked, "hello"),
                new Frame(Frame.PONG, masked, ""),
                new Frame(Frame.PONG, masked, "12345678"),
                new Frame(Frame.PING, masked, ours),
                new Frame(Frame.TEXT, masked, "x".repeat(70_000)),
                new Frame(Frame.PONG, masked, "y".repeat(125)),
                new Frame(Frame.PONG, masked, "z".repeat(300)), // longer than it may be, which is for others to refuse
                new Frame(Frame.TEXT, masked, "\u008a\u0008" + ours));
        Random random = new Random(42);
        for (int round = 0; round < 50; round++) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (Frame frame : others) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    sent.writeBytes(new Frame(Frame.PONG, masked, ours).bytes());
                }
                sent.writeBytes(frame.bytes());
                expected.writeBytes(frame.bytes());
            }
            int longest = round == 0 ? 1 : 1 + random.nextInt(2_000);
            assertThat(passed(new PongSieve(heartbeat), sent.toByteArray(), longest, random))
                    .isEqualTo(expected.toByteArray());
        }
    }

    private static byte[] passed(PongSieve sieve, byte[] bytes, int longest, Random random) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(longest));
            ByteBuffer left = sieve.pass(ByteBuffer.wrap(bytes, at, length));
            byte[] piece = new byte[left.remaining()];
            left.get(piece);
            passed.writeBytes(piece);
            at += length;
        }
        return passed.toByteArray();
    }
}
