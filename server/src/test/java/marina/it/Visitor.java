package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody who uses an application: keeps cookies, follows redirects, sends forms, and expects every page to be there. */
final class Visitor {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final Function<String, URI> uris;
    private String credentials = "";

    Visitor(Function<String, URI> uris) {
        this.uris = uris;
    }

    /** Gives a name and a password with each request. */
    Visitor as(String credentials) {
        this.credentials = credentials;
        return this;
    }

    /** The page at a path. */
    String page(String path) {
        return send(request(path).GET());
    }

    /** The page that follows a form. */
    String form(String path, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return body(path, "application/x-www-form-urlencoded", body);
    }

    /** The answer to a body. */
    String body(String path, String type, String body) {
        return send(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** What the first group of a pattern finds in a page. */
    static String find(String page, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(page);
        assertThat(matcher.find()).as("%s in %s", pattern, page).isTrue();
        return matcher.group(1);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uris.apply(path))
                .timeout(Duration.ofSeconds(90))
                .header("User-Agent", "it");
        if (!credentials.isEmpty()) {
            String token = java.util.Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + token);
        }
        return request;
    }

    private String send(HttpRequest.Builder request) {
        HttpResponse<String> answer =
                client.sendAsync(request.build(), BodyHandlers.ofString()).join();
        assertThat(answer.statusCode())
                .as("%s: %s", answer.uri(), answer.body())
                .isEqualTo(200);
        return answer.body();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
