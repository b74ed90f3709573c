package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is held back comes in its order, is lost by no close, and gives its buffer back. */
class OutboxTest {
    private ByteArrayEndPoint wire = new ByteArrayEndPoint();
    private final ArrayByteBufferPool.Tracking buffers = new ArrayByteBufferPool.Tracking();
    private Outbox outbox = new Outbox(wire, buffers);
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void open() {
        wire.onOpen();
    }

    @AfterEach
    void noBufferIsLost() {
        assertThat(buffers.getLeaks()).as(buffers.dumpLeaks()).isEmpty();
    }

    @Test
    void smallPiecesWaitUntilTheyAreSentTogether() {
        assertThat(write(true, "one ")).isEqualTo(Outbox.Fate.FIRST_HELD);
        assertThat(write(true, "two")).isEqualTo(Outbox.Fate.HELD);
        assertThat(wire.getOutputString()).isEmpty();

        outbox.send();

        assertThat(wire.takeOutputString()).isEqualTo("one two");
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void whatIsWrittenAtOnceComesAfterWhatWasHeld() {
        write(true, "one ");

        assertThat(write(false, "two")).isEqualTo(Outbox.Fate.TAKEN);

        assertThat(wire.takeOutputString()).isEqualTo("one two");
        assertThat(told).containsExactly("two");
        outbox.send();
        assertThat(wire.takeOutputString()).isEmpty();
    }

    @Test
    void moreThanARecordIsNotHeld() {
        write(true, "a".repeat(4000));

        assertThat(write(true, "b".repeat(200))).isEqualTo(Outbox.Fate.TAKEN);

        assertThat(wire.takeOutputString()).isEqualTo("a".repeat(4000) + "b".repeat(200));
    }

    @Test
    void aWriteWaitsForTheHeldOneBeforeItAndTheNextIsRefused() {
        congested(3);
        write(true, "held");
        outbox.send();

        assertThat(write(true, " later")).isEqualTo(Outbox.Fate.TAKEN);

        assertThat(told).isEmpty();
        assertThatThrownBy(() -> write(true, "too many")).isInstanceOf(WritePendingException.class);
        assertThat(drained()).isEqualTo("held later");
        assertThat(told).containsExactly(" later");
    }

    @Test
    void closingWaitsForWhatIsHeld() {
        congested(3);
        write(true, "the last answer");
        CompletableFuture<Void> closed = new CompletableFuture<>();

        assertThat(outbox.afterHeld(() -> closed.complete(null))).isFalse();

        assertThat(closed).isNotDone();
        assertThat(drained()).isEqualTo("the last answer");
        assertThat(closed).isDone();
    }

    @Test
    void closingDoesNotWaitForWhatItsWriterKnowsToBeUnderWay() {
        congested(3);
        write(false, "half of it");
        CompletableFuture<Void> closed = new CompletableFuture<>();

        assertThat(outbox.afterHeld(() -> closed.complete(null))).isTrue();

        assertThat(closed).isDone();
        drained();
    }

    @Test
    void aBrokenConnectionFailsWhatComesLaterAndEndsTheWaiting() {
        congested(3);
        write(true, "held");
        outbox.send();
        write(true, "waits");
        CompletableFuture<Void> closed = new CompletableFuture<>();
        outbox.afterHeld(() -> closed.complete(null));

        wire.close(new EOFException("gone"));

        write(false, "later");
        assertThat(told).containsExactly("waits failed", "later failed");
        assertThat(closed).isDone();
    }

    @Test
    void whatIsGivenUpIsNotSent() {
        write(true, "held");

        outbox.discard(new EOFException("given up"));
        outbox.send();

        assertThat(wire.getOutputString()).isEmpty();
        write(true, "later");
        assertThat(told).containsExactly("later failed");
    }

    private Outbox.Fate write(boolean more, String text) {
        Callback callback = Callback.from(() -> told.add(text), failure -> told.add(text + " failed"));
        return outbox.write(more, callback, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private void congested(int room) {
        wire = new ByteArrayEndPoint(new byte[0], room);
        wire.onOpen();
        outbox = new Outbox(wire, buffers);
    }

    private String drained() {
        StringBuilder all = new StringBuilder();
        for (String piece = wire.takeOutputString(); !piece.isEmpty(); piece = wire.takeOutputString()) {
            all.append(piece);
        }
        return all.toString();
    }
}
