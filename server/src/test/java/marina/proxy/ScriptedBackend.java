package marina.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose every connection is served by a script, on threads of its own. */
final class ScriptedBackend implements AutoCloseable {

    /** What happens on one connection; it is closed afterwards. */
    @FunctionalInterface
    interface Script {
        void serve(Wire wire, int connection) throws Exception;
    }

    private static final int END_MILLIS = 10_000;

    private final ServerSocket server;
    private final Thread acceptor;
    private final Queue<Thread> servers = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();

    private ScriptedBackend(int port, Script script) throws IOException {
        server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        acceptor = start("backend-accept", () -> accept(script));
    }

    static ScriptedBackend serving(Script script) throws IOException {
        return new ScriptedBackend(0, script);
    }

    static ScriptedBackend servingOn(int port, Script script) throws IOException {
        return new ScriptedBackend(port, script);
    }

    /** Answers the first request with these words and closes. */
    static ScriptedBackend answering(String words) throws IOException {
        return serving((wire, connection) -> {
            wire.head();
            wire.send(words);
        });
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    Queue<Throwable> failures() {
        return failures;
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                int connection = connections.incrementAndGet();
                servers.add(start("backend-" + connection, () -> serve(script, socket, connection)));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Script script, Socket socket, int connection) {
        try (Wire wire = new Wire(socket)) {
            script.serve(wire, connection);
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        // The port is free when nobody waits on it any more.
        end(acceptor);
        servers.forEach(ScriptedBackend::end);
    }

    private static void end(Thread thread) {
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError(thread.getName() + " still waits although its socket is closed");
        }
    }
}
