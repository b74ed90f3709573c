package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Opens many WebSockets and has one small message on its way in each of them all the time. */
final class Sockets {
    private static final byte[] MESSAGE = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME = 2 + MESSAGE.length; // as it comes back: without a mask
    private static final int MOST_TIMES = 2_000_000;

    /**
     * What has come back.
     *
     * @param lost sockets that were closed or did not open
     */
    record Trips(long done, double p99Millis, long lost) {}

    private final Selector selector = Selector.open();
    private final ByteBuffer input = ByteBuffer.allocateDirect(64 * 1024);
    private final long[] times = new long[MOST_TIMES];
    private int measured;
    private long lost;

    private Sockets() throws IOException {}

    private static final class Socket {
        private long sentAt;
        private int received;
    }

    static Trips run(int port, String path, int connections, double seconds) throws IOException {
        Sockets sockets = new Sockets();
        List<SocketChannel> open = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                open.add(sockets.open(port, path));
            }
            return sockets.exchange(seconds);
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
            sockets.selector.close();
        }
    }

    private SocketChannel open(int port, String path) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.socket().setTcpNoDelay(true);
        String head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        StringBuilder answer = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (answer.indexOf("\r\n\r\n") < 0 && channel.read(one.clear()) > 0) {
            answer.append((char) one.get(0));
        }
        if (answer.indexOf(" 101 ") < 0) {
            throw new IOException("no WebSocket at " + path + ": " + answer);
        }
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Socket());
        return channel;
    }

    private Trips exchange(double seconds) throws IOException {
        for (SelectionKey key : selector.keys()) {
            send(key);
        }
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long done = 0;
        while (System.nanoTime() < end && lost < selector.keys().size()) {
            selector.select(10);
            for (SelectionKey key : selector.selectedKeys()) {
                done += read(key);
            }
            selector.selectedKeys().clear();
        }
        long[] sorted = Arrays.copyOf(times, measured);
        Arrays.sort(sorted);
        double p99 = measured == 0 ? Double.NaN : sorted[(int) (measured * 0.99)] / 1e6;
        return new Trips(done, p99, lost);
    }

    private int read(SelectionKey key) throws IOException {
        Socket socket = (Socket) key.attachment();
        int count = ((SocketChannel) key.channel()).read(input.clear());
        if (count < 0) {
            key.cancel();
            lost++;
            return 0;
        }
        socket.received += count;
        if (socket.received < FRAME) {
            return 0;
        }
        socket.received = 0;
        if (measured < MOST_TIMES) {
            times[measured++] = System.nanoTime() - socket.sentAt;
        }
        send(key);
        return 1;
    }

    private void send(SelectionKey key) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(6 + MESSAGE.length)
                .put((byte) 0x82)
                .put((byte) (0x80 | MESSAGE.length))
                .putInt(0)
                .put(MESSAGE)
                .flip();
        ((Socket) key.attachment()).sentAt = System.nanoTime();
        ((SocketChannel) key.channel()).write(frame);
    }
}
