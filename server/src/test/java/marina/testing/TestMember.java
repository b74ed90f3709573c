package marina.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server of a pool that answers with its name. It can be killed and come back at the same address, answer what it is told to,
 * hold requests back, or break off; {@code /health} has a status of its own.
 */
public final class TestMember implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

    private final String name;
    private final int port;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Semaphore held = new Semaphore(0);
    private volatile ServerSocket server;
    private volatile Thread acceptor;
    private volatile @Nullable Socket placeholder;
    private volatile String behaviour = "200";

    /** Listens at once. */
    public TestMember(String name) throws IOException {
        this.name = name;
        server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        port = server.getLocalPort();
        answer("/health", "200 OK", "fine");
        acceptor = daemon(this::accept);
    }

    /** {@code http://127.0.0.1:port}. */
    public String url() {
        return "http://" + address();
    }

    /** {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** The heads of all requests but those for /health, since the beginning. */
    public List<String> heads() {
        return heads.stream().filter(head -> !head.contains(" /health")).toList();
    }

    /** The heads of all requests for /health. */
    public List<String> checks() {
        return heads.stream().filter(head -> head.contains(" /health")).toList();
    }

    /** Sets what a path is answered with, whatever else; the status is {@code 302 Found\r\nLocation: /x}, for example. */
    public void answer(String path, String status, String body) {
        answers.put(path, "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Sets the status of all other answers. */
    public void answerWith(int status) {
        behaviour = Integer.toString(status);
    }

    /** From now on it reads requests and closes the connection. */
    public void breakOff() {
        behaviour = "break";
    }

    /** From now on it holds requests back, until {@link #release}. */
    public void hold() {
        behaviour = "hold";
    }

    /** Answers some of the requests that are held back, now or later. */
    public void release(int count) {
        held.release(count);
    }

    /** Ends as a process that is killed: nobody listens, and all connections are reset. The port stays taken, else another test gets it. */
    public void kill() throws IOException {
        end();
        Socket bound = new Socket(); // which does not listen, so that whoever connects is refused
        bound.setReuseAddress(true);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        placeholder = bound;
    }

    private void end() throws IOException {
        Socket bound = placeholder;
        if (bound != null) {
            bound.close();
            placeholder = null;
        }
        server.close();
        awaitEnd(acceptor); // it may get one more connection meanwhile
        for (Socket connection : connections) {
            connection.setSoLinger(true, 0);
            connection.close();
        }
        connections.clear();
    }

    /** Comes back at the same address. */
    public void revive() throws IOException {
        end();
        ServerSocket again = new ServerSocket();
        again.setReuseAddress(true);
        again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
        server = again;
        behaviour = "200";
        acceptor = daemon(this::accept);
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "member-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept() {
        ServerSocket mine = server;
        while (!mine.isClosed()) {
            try {
                Socket connection = mine.accept();
                connection.setTcpNoDelay(true);
                connections.add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream input = new BufferedInputStream(connection.getInputStream());
            for (String head = HeadEcho.head(input); !head.isEmpty(); head = HeadEcho.head(input)) {
                Matcher length = LENGTH.matcher(head);
                input.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
                heads.add(head);
                String answer = answers.get(head.split(" ", -1)[1]);
                String now = behaviour;
                if (answer == null && now.equals("break")) {
                    return;
                }
                if (answer == null && now.equals("hold")) {
                    held.acquire();
                }
                String status = now.matches("\\d+") ? now : "200";
                String own = "HTTP/1.1 " + status + " Said\r\nContent-Length: " + name.length() + "\r\n\r\n" + name;
                String said = answer == null ? own : answer;
                String text = head.startsWith("HEAD") ? said.substring(0, said.indexOf("\r\n\r\n") + 4) : said;
                connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException | InterruptedException e) {
            // the other side has gone, or this one is killed
        } finally {
            connections.remove(connection);
        }
    }

    @Override
    public void close() {
        try {
            held.release(1_000_000);
            end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
