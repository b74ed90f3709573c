package marina.simulator.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * The body of a request, streamed to one machine after the other: what has been sent once is kept, up to the limit, and
 * sent again. Only the thread of the request uses it.
 */
final class ClientBody {

    private final InputStream client;
    private final long declared;
    private final int limit;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long read;
    private boolean ended;

    /**
     * @param declared its Content-Length; -1 when it has none
     * @param limit how many bytes can be sent again
     */
    ClientBody(InputStream client, long declared, int limit) {
        this.client = client;
        this.declared = declared;
        this.limit = limit;
        this.ended = declared == 0;
    }

    boolean empty() {
        return declared == 0;
    }

    /** The field that frames it for the machine. */
    String framing() {
        if (declared < 0) {
            return "Transfer-Encoding: chunked\r\n";
        }
        return declared == 0 ? "" : "Content-Length: " + declared + "\r\n";
    }

    /** Whether it cannot be sent a second time. */
    boolean tooLarge() {
        return declared > limit || read > limit;
    }

    /**
     * Sends all of it, from its beginning.
     *
     * @param enough tells when the rest is not wanted any more
     * @throws ClientGoneException when the client fails, and nothing else
     */
    void sendTo(OutputStream machine, BooleanSupplier enough) {
        byte[] again = kept.toByteArray();
        boolean open = write(machine, again, again.length);
        byte[] buffer = new byte[16 * 1024];
        while (!ended && !enough.getAsBoolean()) {
            int count = readClient(buffer);
            if (count < 0) {
                ended = true;
                break;
            }
            read += count;
            if (read <= limit) {
                kept.write(buffer, 0, count);
            }
            if (open) {
                open = write(machine, buffer, count);
            }
        }
        if (open && ended && declared < 0) {
            end(machine);
        }
    }

    private int readClient(byte[] buffer) {
        try {
            return client.read(buffer);
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    /** False when the machine has closed; it may have answered all the same. */
    private boolean write(OutputStream machine, byte[] bytes, int count) {
        try {
            if (count > 0 && declared < 0) {
                machine.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            machine.write(bytes, 0, count);
            if (count > 0 && declared < 0) {
                machine.write('\r');
                machine.write('\n');
            }
            machine.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void end(OutputStream machine) {
        try {
            machine.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            machine.flush();
        } catch (IOException e) {
            return; // its answer tells
        }
    }
}
