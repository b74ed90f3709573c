package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;

/** Nobody fills a buffer that the connection has given back, where other connections may already have it. */
class OneReaderPerConnectionTest {
    private final AtomicInteger takenTooLate = new AtomicInteger();

    /** The answer to a malformed request comes from another thread, which is let read just when the first one ends. */
    @Test
    void theAnswerToAMalformedRequestLeavesTheBufferToItsReader() throws Exception {
        Server server = new Server(new Meeting(), null, new Watching());
        ServerConnector connector = new ServerConnector(server, 1, 1, new Http1(new HttpConfiguration()));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(malformed(connector.getLocalPort())).startsWith("HTTP/1.1 400");
            }
            assertThat(takenTooLate).hasValue(0);
        } finally {
            LifeCycle.stop(server);
        }
    }

    private static String malformed(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            String request =
                    "POST / HTTP/1.1\r\nHost: shop\r\nX: a\rb\r\n\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: shop\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Lets a second reader of a connection come as far as the buffer before the first one goes on. */
    private static final class Meeting extends QueuedThreadPool {
        @Override
        public boolean tryExecute(Runnable task) {
            if (!task.getClass().getName().contains("HttpChannelState")) {
                return super.tryExecute(task);
            }
            aside(task);
            return true;
        }

        @Override
        public void execute(Runnable task) {
            if (task instanceof HttpConnection) {
                aside(task);
            } else {
                super.execute(task);
            }
        }

        private static void aside(Runnable task) {
            Aside thread = new Aside(task);
            thread.start();
            try {
                assertThat(thread.there.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Aside extends Thread {
        private final CountDownLatch there = new CountDownLatch(1);

        Aside(Runnable task) {
            super(task);
        }

        @Override
        public void run() {
            super.run();
            there.countDown();
        }
    }

    /** Counts buffers that are asked for their bytes and are given back before these are used. */
    private final class Watching extends ByteBufferPool.Wrapper {
        Watching() {
            super(new ArrayByteBufferPool());
        }

        @Override
        public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
            return new Watched(super.acquire(size, direct));
        }
    }

    private final class Watched extends RetainableByteBuffer.Wrapper {
        private final CountDownLatch given = new CountDownLatch(1);

        Watched(RetainableByteBuffer buffer) {
            super(buffer);
        }

        @Override
        public ByteBuffer getByteBuffer() {
            if (Thread.currentThread() instanceof Aside second && given.getCount() > 0 && isOfARequest()) {
                second.there.countDown();
                waitForTheFirst();
            }
            return super.getByteBuffer();
        }

        private boolean isOfARequest() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getMethodName().equals("fillRequestBuffer")));
        }

        private void waitForTheFirst() {
            try {
                if (given.await(1, TimeUnit.SECONDS)) {
                    takenTooLate.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean release() {
            boolean last = super.release();
            if (last) {
                given.countDown();
            }
            return last;
        }
    }
}
