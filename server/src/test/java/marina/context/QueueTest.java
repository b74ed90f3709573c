package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import marina.backend.Startable;
import marina.config.ContextConfig;
import marina.config.PagesConfig;
import marina.config.TrafficConfig;
import marina.proxy.ClientWatch;
import marina.testing.RawClient;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request may be given its place at any moment, also in the middle of its taking one in the queue. */
class QueueTest {
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final Server server = new Server();
    private final Held held = new Held();
    private final List<Watched> requests = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        server.stop();
        scheduler.shutdownNow();
    }

    @Test
    void whoeverHasTheRequestThenIsToldThatItsClientHasLeft() throws Exception {
        URI uri = start();
        try (RawClient first = new RawClient(uri);
                RawClient second = new RawClient(uri)) {
            first.send("GET /first HTTP/1.1\r\nHost: shop\r\n\r\n");
            await().until(() -> held.callbacks.size() == 1);

            second.send("GET /second HTTP/1.1\r\nHost: shop\r\n\r\n"); // the first ends meanwhile

            await().until(() -> held.callbacks.size() == 2);
            await().until(() -> requests.size() == 2 && requests.get(1).isHandled);
            requests.get(1).leave();
            assertThat(held.departures).containsExactly("/second");
            held.callbacks.get(1).succeeded();
        }
        assertThat(scheduler.getQueue()).as("no deadline is left").allMatch(task -> ((Future<?>) task).isCancelled());
    }

    @Test
    void aClientThatHasLeftBeforeItCouldWaitTakesNoPlace() throws Exception {
        URI uri = start();
        try (RawClient first = new RawClient(uri);
                RawClient gone = new RawClient(uri);
                RawClient third = new RawClient(uri)) {
            first.send("GET /held HTTP/1.1\r\nHost: shop\r\n\r\n");
            await().until(() -> held.callbacks.size() == 1);
            gone.send("GET /gone HTTP/1.1\r\nHost: shop\r\n\r\n");
            await().until(() -> requests.size() == 2 && requests.get(1).isHandled);

            third.send("GET /third HTTP/1.1\r\nHost: shop\r\n\r\n");
            await().until(() -> requests.size() == 3 && requests.get(2).isHandled);
            held.callbacks.get(0).succeeded();

            await().until(() -> held.callbacks.size() == 2);
            held.callbacks.get(1).succeeded();
            assertThat(third.answer()).startsWith("HTTP/1.1 200");
        }
    }

    private URI start() throws Exception {
        StatusPages pages = new StatusPages(() -> PagesConfig.NONE, request -> PagesConfig.NONE);
        ContextContent content = LimitedContent.of(
                held,
                new TrafficConfig(0, 1, 1, TrafficConfig.Timeouts.DEFAULT),
                new Parking(scheduler, Runnable::run, pages, (request, response, callback) -> false));
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Watched watched = new Watched(request);
                requests.add(watched);
                try {
                    return content.handle(watched, response, callback);
                } finally {
                    watched.isHandled = true;
                }
            }
        });
        server.start();
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    /** A request whose client leaves when it is told to; where it begins to wait, the first one ends. */
    private final class Watched extends Request.Wrapper implements ClientWatch {
        private volatile @Nullable Consumer<Throwable> listener;
        private volatile boolean isHandled;

        Watched(Request request) {
            super(request);
        }

        @Override
        public void addIdleTimeoutListener(Predicate<TimeoutException> onIdleTimeout) {
            super.addIdleTimeoutListener(onIdleTimeout);
            if (getHttpURI().getPath().equals("/second")) {
                held.callbacks.get(0).succeeded();
            }
        }

        @Override
        public void watch(Consumer<Throwable> whenLeft) {
            listener = whenLeft;
            if (getHttpURI().getPath().equals("/gone")) {
                leave();
            }
        }

        @Override
        public void unwatch(Consumer<Throwable> whenLeft) {
            if (listener == whenLeft) {
                listener = null;
            }
        }

        void leave() {
            Consumer<Throwable> told = listener;
            if (told != null) {
                told.accept(new EofException("the client has left"));
            }
        }
    }

    /** Content that answers when it is told to, and wants to know who has left. */
    private static final class Held implements ContextContent {
        private final List<Callback> callbacks = new CopyOnWriteArrayList<>();
        private final List<String> departures = new CopyOnWriteArrayList<>();

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = request.getHttpURI().getPath();
            ClientWatch.on(request, gone -> departures.add(path));
            callbacks.add(callback);
            return true;
        }

        @Override
        public boolean forwardsUpgrades() {
            return false;
        }

        @Override
        public Optional<ContextContent> with(ContextConfig config) {
            return Optional.empty();
        }

        @Override
        public Startable application() {
            throw new UnsupportedOperationException("nobody starts or stops it");
        }
    }
}
