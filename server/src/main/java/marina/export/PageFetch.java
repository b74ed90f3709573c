package marina.export;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks for pages, and for what they refer to, as somebody would who has no password and no cookie. What is not for everybody, or
 * not what a file of that name would be taken for, is refused. For one thread.
 */
final class PageFetch {
    private static final int MOST_BYTES = 10 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_TRIES = 30;
    private static final long LONGEST_PAUSE = 5;

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Set<String> harmlessCookies;

    /**
     * A fetcher.
     *
     * @param harmlessCookies names of cookies that say nothing of who asks
     */
    PageFetch(Set<String> harmlessCookies) {
        this.harmlessCookies = Set.copyOf(harmlessCookies);
    }

    /**
     * The content, text in UTF-8. While its application starts, it is asked for again and again.
     *
     * @param type what it must be, without parameters: text/html, or what the name of the file says
     * @throws ExportException when it is something else, or not for everybody
     */
    byte[] get(URI url, String type) throws ExportException, IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            HttpRequest request = HttpRequest.newBuilder(url)
                    .timeout(PATIENCE)
                    .header("Accept", type.equals("text/html") ? type : "*/*")
                    .header("User-Agent", "Marina (prerender)")
                    .build();
            HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                long pause = answer.headers()
                        .firstValue("Retry-After")
                        .map(PageFetch::seconds)
                        .orElse(0L);
                if (answer.statusCode() != 503 || pause == 0 || tries == MOST_TRIES) {
                    requirePublic(answer, type);
                    return read(body);
                }
                pause(Math.min(pause, LONGEST_PAUSE));
            }
        }
    }

    /** Waits. */
    static void pause(long seconds) {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS))
                .join();
    }

    private static long seconds(String text) {
        return text.matches("\\d{1,9}") ? Math.max(1, Long.parseLong(text)) : 0;
    }

    private static byte[] read(InputStream body) throws IOException, ExportException {
        byte[] page = body.readNBytes(MOST_BYTES + 1);
        if (page.length > MOST_BYTES) {
            throw new ExportException("it is larger than " + MOST_BYTES + " bytes");
        }
        return page;
    }

    private void requirePublic(HttpResponse<InputStream> answer, String wanted) throws ExportException {
        int status = answer.statusCode();
        if (status == 401 || status == 403) {
            throw new ExportException("the answer is " + status + ": it is not for everybody");
        }
        if (status / 100 == 3) {
            throw new ExportException("the answer is " + status + " to "
                    + answer.headers().firstValue("Location").orElse("nowhere") + "; ask for that instead");
        }
        if (status != 200) {
            throw new ExportException("the answer is " + status + ", not 200");
        }
        List<String> type = words(answer.headers().firstValue("Content-Type").orElse("none"), ";");
        boolean utf8 = type.stream().filter(word -> word.startsWith("charset=")).allMatch(word -> word.replace("\"", "")
                .equals("charset=utf-8"));
        if (!Assets.type(type.get(0)).equals(wanted) || !utf8) {
            throw new ExportException("the answer is of type " + type + ", not " + wanted
                    + (wanted.startsWith("text/") ? " in UTF-8" : ""));
        }
        List<String> caching =
                words(answer.headers().firstValue("Cache-Control").orElse(""), ",");
        if (caching.contains("private") || caching.contains("no-store")) {
            throw new ExportException("the answer has Cache-Control " + caching + ": it is not for everybody");
        }
        for (String cookie : answer.headers().allValues("Set-Cookie")) {
            String name = cookie.substring(0, Math.max(0, cookie.indexOf('=')));
            if (!harmlessCookies.contains(name)) {
                throw new ExportException("the answer sets the cookie " + name + ": it may be for one visitor alone");
            }
        }
    }

    private static List<String> words(String field, String separator) {
        return Arrays.stream(field.toLowerCase(Locale.ROOT).split(separator, -1))
                .map(String::strip)
                .toList();
    }
}
