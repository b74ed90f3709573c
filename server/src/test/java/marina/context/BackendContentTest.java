package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import marina.backend.Backend;
import marina.backend.BackendGroup;
import marina.backend.BackendSettings;
import marina.backend.BackendState;
import marina.backend.Instance;
import marina.backend.Start;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ContextHooks;
import marina.config.ContextPath;
import marina.config.LifecyclePolicy;
import marina.config.PagesConfig;
import marina.config.PublicConfig;
import marina.config.SourceLocation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of leases and clients when what should answer breaks. */
class BackendContentTest {
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final CompletableFuture<Fake> starting = new CompletableFuture<>();
    private final Server server = new Server();

    @AfterEach
    void close() throws Exception {
        server.stop();
        scheduler.shutdownNow();
    }

    @Test
    void anExchangeThatThrowsAnswersTheClientAndGivesItsLeaseBack() throws Exception {
        Backend<Fake> backend = backend();
        starting.complete(new Fake());
        backend.start().get(5, TimeUnit.SECONDS);

        assertThat(get(backend, throwing()).get(5, TimeUnit.SECONDS).statusCode())
                .isEqualTo(500);

        assertThat(backend.status().leases()).isZero();
    }

    @Test
    void anExchangeThatThrowsAfterTheWaitDoesSoToo() throws Exception {
        Backend<Fake> backend = backend();
        CompletableFuture<HttpResponse<String>> answer = get(backend, throwing());
        await().until(() -> backend.status().state() == BackendState.STARTING);

        starting.complete(new Fake());

        assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
        assertThat(backend.status().leases()).isZero();
    }

    @Test
    void aRequestThatCannotWaitBecauseTheServerStopsIsAnswered() throws Exception {
        Backend<Fake> backend = backend();
        scheduler.shutdownNow();

        assertThat(get(backend, throwing()).get(5, TimeUnit.SECONDS).statusCode())
                .isEqualTo(503);

        starting.complete(new Fake());
        await().until(() -> backend.status().starts() == 1);
        assertThat(backend.status().leases()).isZero();
    }

    private static BackendContent.Exchange<Fake> throwing() {
        return (instance, request, response, callback) -> {
            throw new IllegalStateException("broken");
        };
    }

    private Backend<Fake> backend() {
        Start<Fake> start = new Start<>() {
            @Override
            public CompletableFuture<Fake> ready() {
                return starting;
            }

            @Override
            public void giveUp() {
                starting.cancel(false);
            }
        };
        return new Backend<>(
                new BackendSettings("/shop", Duration.ZERO, false),
                () -> start,
                scheduler,
                Runnable::run,
                (from, to, now) -> {});
    }

    private CompletableFuture<HttpResponse<String>> get(Backend<Fake> backend, BackendContent.Exchange<Fake> exchange)
            throws Exception {
        StatusPages pages = new StatusPages(() -> PagesConfig.NONE, request -> PagesConfig.NONE);
        Executor executor = server.getThreadPool();
        BackendContent<Fake> content = new BackendContent<>(
                new BackendGroup<>(List.of(backend), 0),
                new ContextConfig(
                        ContextPath.ROOT,
                        new SourceLocation("conf/server.yml", 1, 1),
                        new Content.Files(PublicConfig.NONE),
                        Map.of(),
                        LifecyclePolicy.DEFAULT,
                        ContextHooks.NONE),
                config -> exchange,
                false,
                new Parking(scheduler, executor, pages, (request, response, callback) -> false));
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return content.handle(request, response, callback);
            }
        });
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/shop/");
        return HttpClient.newHttpClient().sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static final class Fake implements Instance {
        @Override
        public long pid() {
            return 0;
        }

        @Override
        public String address() {
            return "";
        }

        @Override
        public CompletableFuture<String> ended() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Void> stop() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
