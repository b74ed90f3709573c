package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A WebSocket server that sends each small frame back (RFC 6455); one thread, one port. */
final class Echo {
    private static final Pattern KEY = Pattern.compile("(?i)\r\nSec-WebSocket-Key: *([^\r]+)\r\n");
    private static final int HEAD = 6; // two bytes and the mask: frames here are shorter than 126 bytes

    private Echo() {}

    /** Serves at a port until it is killed. */
    public static void main(String[] arguments) throws Exception {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        while (true) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    accept(server, selector);
                } else {
                    read(key);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            channel.configureBlocking(false);
            channel.socket().setTcpNoDelay(true);
            channel.register(selector, SelectionKey.OP_READ, new State());
        }
    }

    private static final class State {
        private final ByteBuffer input = ByteBuffer.allocate(4096);
        private boolean open;
    }

    private static void read(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        State state = (State) key.attachment();
        try {
            if (channel.read(state.input) < 0) {
                channel.close();
                return;
            }
            state.input.flip();
            if (!state.open) {
                shakeHands(channel, state);
            }
            if (state.open) {
                echo(channel, state.input);
            }
            state.input.compact();
        } catch (IOException | NoSuchAlgorithmException e) {
            key.cancel();
            try {
                channel.close();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
        }
    }

    private static void shakeHands(SocketChannel channel, State state) throws IOException, NoSuchAlgorithmException {
        String head = StandardCharsets.US_ASCII.decode(state.input.duplicate()).toString();
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        Matcher matcher = KEY.matcher(head);
        String key = matcher.find() ? matcher.group(1).trim() : "";
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n";
        channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
        state.input.position(state.input.position() + end + 4);
        state.open = true;
    }

    private static void echo(SocketChannel channel, ByteBuffer input) throws IOException {
        while (input.remaining() >= HEAD) {
            int length = input.get(input.position() + 1) & 0x7f;
            if (input.remaining() < HEAD + length) {
                return;
            }
            byte first = input.get();
            input.get();
            byte[] mask = new byte[4];
            input.get(mask);
            ByteBuffer frame = ByteBuffer.allocate(2 + length).put(first).put((byte) length);
            for (int i = 0; i < length; i++) {
                frame.put((byte) (input.get() ^ mask[i & 3]));
            }
            channel.write(frame.flip()); // a socket that answers one frame at a time has room for it
        }
    }
}
