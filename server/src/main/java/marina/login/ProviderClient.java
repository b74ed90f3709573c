package marina.login;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.FormRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.ajax.JSON;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks providers over HTTP, with threads of its own that are there only where somebody logs in at a provider. Each question is
 * answered or has failed after ten seconds. Thread-safe.
 */
final class ProviderClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderClient.class);

    private static final int CONNECT_MILLIS = 5_000;
    private static final int WHOLE_MILLIS = 10_000;
    private static final int LARGEST_ANSWER = 256 * 1024;
    private static final int MOST_THREADS = 6;
    private static final int CONNECTIONS = 8;

    private @Nullable CompletableFuture<HttpClient> started; // guarded by this
    private boolean closed; // guarded by this

    /**
     * GET of a JSON object.
     *
     * @param authorization value of that field, empty for none
     */
    CompletableFuture<Map<String, Object>> get(URI url, String authorization) {
        return ask(url, authorization, request -> {});
    }

    /** POST of a form, answered by a JSON object. */
    CompletableFuture<Map<String, Object>> post(URI url, Fields form, String authorization) {
        return ask(url, authorization, request -> request.method("POST").body(new FormRequestContent(form)));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (started != null) {
            var unused = started.whenComplete((client, failure) -> {
                if (client != null) {
                    stop(client);
                }
            });
        }
    }

    private CompletableFuture<Map<String, Object>> ask(URI url, String authorization, Consumer<Request> form) {
        return client().thenCompose(client -> {
            CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
            Request request = client.newRequest(url)
                    .timeout(WHOLE_MILLIS, TimeUnit.MILLISECONDS)
                    .headers(fields -> {
                        fields.put(HttpHeader.ACCEPT, "application/json");
                        if (!authorization.isEmpty()) {
                            fields.put(HttpHeader.AUTHORIZATION, authorization);
                        }
                    });
            form.accept(request);
            request.send(new BufferingResponseListener(LARGEST_ANSWER) {
                @Override
                public void onComplete(Result result) {
                    try {
                        answer.complete(read(url, result, getContentAsString()));
                    } catch (ProviderException e) {
                        answer.completeExceptionally(e);
                    }
                }
            });
            return answer;
        });
    }

    /** Errors of the protocol come as JSON with the status 400 or 401 (RFC 6749 section 5.2). */
    private static Map<String, Object> read(URI url, Result result, @Nullable String body) {
        if (result.isFailed()) {
            throw ProviderException.unavailable(url + " did not answer: " + result.getFailure());
        }
        int status = result.getResponse().getStatus();
        Object json = null;
        try {
            json = body == null ? null : new JSON().fromJSON(body);
        } catch (RuntimeException e) {
            LOG.debug("No JSON from {}", url, e);
        }
        if (json instanceof Map<?, ?> map) {
            Map<String, Object> object = new HashMap<>();
            map.forEach((key, value) -> {
                if (value != null) {
                    object.put(String.valueOf(key), value);
                }
            });
            if (status == HttpStatus.OK_200) {
                return object;
            }
            boolean clientError = status == HttpStatus.BAD_REQUEST_400 || status == HttpStatus.UNAUTHORIZED_401;
            if (clientError && object.get("error") instanceof String error) {
                throw ProviderException.refused(url + " answers " + status + " " + plain(error));
            }
        }
        throw ProviderException.unavailable(url + " answers " + status + ", and not with what was asked for");
    }

    private static String plain(String error) {
        return error.matches("[ -~]{1,100}") ? error : "with an error";
    }

    /** Starting takes a moment and threads, so it is done with the first question and elsewhere. */
    private synchronized CompletableFuture<HttpClient> client() {
        if (closed) {
            return CompletableFuture.failedFuture(ProviderException.unavailable("the server is stopping"));
        }
        if (started == null || started.isCompletedExceptionally()) {
            started = CompletableFuture.supplyAsync(ProviderClient::start);
        }
        return Objects.requireNonNull(started);
    }

    private static HttpClient start() {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName("marina-login");
        threads.setDaemon(true);
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setSslContextFactory(new SslContextFactory.Client());
        HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        client.setName("login");
        client.setExecutor(threads);
        client.setScheduler(new ScheduledExecutorScheduler("marina-login-scheduler", true));
        client.setConnectTimeout(CONNECT_MILLIS);
        client.setIdleTimeout(WHOLE_MILLIS);
        client.setMaxConnectionsPerDestination(CONNECTIONS);
        client.setFollowRedirects(false);
        client.setUserAgentField(null);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        try {
            client.start();
        } catch (Exception e) {
            throw ProviderException.unavailable("the client for providers did not start: " + e);
        }
        return client;
    }

    private static void stop(HttpClient client) {
        try {
            client.stop();
        } catch (Exception e) {
            LOG.debug("The client for providers did not stop cleanly", e);
        }
    }
}
