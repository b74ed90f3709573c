package marina.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket with the few words of HTTP that tests of broken and unusual peers need; reads time out. */
final class Wire implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream input;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        input = new BufferedInputStream(socket.getInputStream());
    }

    Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** The head of a message up to and with the empty line; empty when the peer has closed. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = input.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        return head.toString();
    }

    String read(int length) throws IOException {
        return new String(input.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    byte[] bytes(int length) throws IOException {
        byte[] bytes = input.readNBytes(length);
        if (bytes.length < length) {
            throw new java.io.EOFException("the peer closed after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** Reads and forgets; tells how much there was. */
    long skip(long length) throws IOException {
        byte[] piece = new byte[256 * 1024];
        long skipped = 0;
        while (skipped < length) {
            int read = input.read(piece, 0, (int) Math.min(piece.length, length - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    /** Everything up to the end; a reset ends it too. */
    String rest() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            input.transferTo(rest);
        } catch (java.net.SocketException e) {
            rest.writeBytes("<reset>".getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError("the peer neither sent nor closed; so far: " + rest, e);
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    boolean closedByPeer() throws IOException {
        try {
            return input.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset, as a killed process does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Closes in an orderly way. */
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
