package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The ends of WebSocket frames, whatever pieces they come in. */
class FrameBoundaryTest {

    @Test
    void knowsEveryBoundaryByteByByteAndInPieces() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Set<Integer> boundaries = new TreeSet<>(Set.of(0));
        for (int size : new int[] {0, 1, 125, 126, 1000, 65_535, 65_536, 70_000}) {
            for (boolean masked : new boolean[] {false, true}) {
                stream.writeBytes(frame(size, masked));
                boundaries.add(stream.size());
            }
        }
        byte[] bytes = stream.toByteArray();

        FrameBoundary byBytes = new FrameBoundary();
        Set<Integer> found = new TreeSet<>(Set.of(0));
        for (int i = 0; i < bytes.length; i++) {
            byBytes.pass(ByteBuffer.wrap(bytes, i, 1));
            if (byBytes.isHere()) {
                found.add(i + 1);
            }
        }
        assertThat(found).isEqualTo(boundaries);

        for (int cut = 1; cut < bytes.length; cut += 997) {
            FrameBoundary inPieces = new FrameBoundary();
            inPieces.pass(ByteBuffer.wrap(bytes, 0, cut));
            int before = cut;
            int next =
                    boundaries.stream().filter(end -> end >= before).findFirst().orElseThrow();
            assertThat(inPieces.next(ByteBuffer.wrap(bytes, cut, bytes.length - cut)))
                    .isEqualTo(next);
            assertThat(inPieces.isHere()).isTrue();
        }
    }

    private static byte[] frame(int size, boolean masked) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        int mask = masked ? 0x80 : 0;
        frame.write(0x82);
        if (size < 126) {
            frame.write(mask | size);
        } else if (size < 65_536) {
            frame.write(mask | 126);
            frame.writeBytes(ByteBuffer.allocate(2).putShort((short) size).array());
        } else {
            frame.write(mask | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(size).array());
        }
        frame.writeBytes(new byte[size + (masked ? 4 : 0)]);
        return frame.toByteArray();
    }
}
