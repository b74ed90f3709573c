package marina.it;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** An HTTP client of one Marina; follows no redirects. */
final class Browser {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Function<String, URI> uris;

    Browser(Function<String, URI> uris) {
        this.uris = uris;
    }

    /** The client itself. */
    HttpClient client() {
        return client;
    }

    /** GET without waiting. */
    CompletableFuture<HttpResponse<String>> getAsync(String path) {
        HttpRequest request = HttpRequest.newBuilder(uris.apply(path))
                .timeout(HomeUnderTest.PATIENCE)
                .header("User-Agent", "it")
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    /** GET. */
    HttpResponse<String> get(String path) {
        return getAsync(path).join();
    }

    /** GET, the body only. */
    String body(String path) {
        return get(path).body();
    }

    /** POST of a form with one field. */
    HttpResponse<String> post(String path, String field, String value) {
        String form = field + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(uris.apply(path))
                .timeout(HomeUnderTest.PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).join();
    }

    /** Waits until a path answers with a status. */
    void awaitStatus(String path, int status) {
        await(path + " answers " + status).atMost(HomeUnderTest.PATIENCE).until(() -> status(path), is -> is == status);
    }

    /** Waits until the body at a path has a text in it. */
    void awaitBody(String path, String text) {
        await(path + " has " + text).atMost(HomeUnderTest.PATIENCE).until(() -> body(path), is -> is.contains(text));
    }

    /** The status at a path, 0 when there is no connection. */
    private int status(String path) {
        try {
            return get(path).statusCode();
        } catch (CompletionException e) {
            return 0;
        }
    }
}
