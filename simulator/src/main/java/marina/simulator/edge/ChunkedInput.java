package marina.simulator.edge;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112 section 7.1); trailers are dropped. */
final class ChunkedInput extends FilterInputStream {

    private static final int MOST_LINE = 8 * 1024;

    private long left;
    private boolean first = true;
    private boolean ended;

    ChunkedInput(InputStream input) {
        super(input);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the body ended within a chunk");
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        int[] budget = {MOST_LINE};
        if (!first && !MachineLink.readLine(in, budget).isEmpty()) {
            throw new IOException("no end of a chunk");
        }
        first = false;
        String size = MachineLink.readLine(in, budget).split(";", -1)[0].strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new IOException("no size of a chunk: " + size);
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            ended = true;
            int[] trailers = {MOST_LINE};
            while (!MachineLink.readLine(in, trailers).isEmpty()) {
                // dropped
            }
        }
    }
}
