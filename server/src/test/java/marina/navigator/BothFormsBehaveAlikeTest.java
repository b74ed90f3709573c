package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code convert} prints does the same as the file that it was made from: 500 requests, the same answers. */
class BothFormsBehaveAlikeTest {
    private static final int REQUESTS = 500;
    private static final int SEED = 20_261_121;
    private static final ProductionShape SHAPE = new ProductionShape(370);

    @TempDir
    Path navigators;

    @TempDir
    Path own;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void answersFiveHundredRequestsAlike() throws Exception {
        NavigatorBed bed = ProductionShape.fill(new NavigatorBed(navigators)).navigator(SHAPE.full());
        MarinaUnderTest.write(own, "conf/server.yml", bed.converted(own));
        Random random = new Random(SEED);
        Set<String> outcomes = new TreeSet<>();
        List<String> differences = new ArrayList<>();
        try (MarinaUnderTest first = bed.startOnFly();
                MarinaUnderTest second = MarinaUnderTest.startFile(own, "conf/server.yml", NavigatorBed.fly())) {
            for (int i = 0; i < REQUESTS; i++) {
                Wish wish = Wish.any(random);
                String expected = ask(first, wish);
                String actual = ask(second, wish);
                outcomes.add(expected.substring(0, 3));
                if (!expected.equals(actual)) {
                    differences.add(wish + "\n  " + expected + "\n  " + actual);
                }
            }
        }
        assertThat(differences).isEmpty();
        // The requests are worth comparing: they reach tenants, files, redirects, replays, refusals.
        assertThat(outcomes).contains("200", "301", "302", "304", "307", "401", "403", "502");
    }

    /** Status, where to, what is asked for, and what the tenant has seen. */
    private String ask(MarinaUnderTest marina, Wish wish) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(marina.uri(wish.path))
                .method(
                        wish.method,
                        wish.method.equals("POST") ? BodyPublishers.ofString("x=1") : BodyPublishers.noBody());
        wish.headers.forEach(request::header);
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        List<String> fields = new ArrayList<>();
        for (String name : List.of("location", "www-authenticate", "content-type", "cache-control", "content-length")) {
            fields.add(name + "=" + answer.headers().firstValue(name).orElse(""));
        }
        String port = ":" + marina.uri("/").getPort();
        return (answer.statusCode() + " " + fields + " " + answer.body())
                .replace(port, ":PORT")
                .replaceAll("content-length=\\d+", "")
                .replaceAll("\"(id|state)\":\"[^\"]*\"", "$1");
    }

    private record Wish(String method, String path, Map<String, String> headers) {
        private static final List<String> PATHS = List.of(
                "/",
                "/up",
                "/up/",
                "/robots.txt",
                "/assets/app.css",
                "/showcase/assets/app.css",
                "/showcase/assets/none.css",
                "/showcase",
                "/showcase/",
                "/showcase/demo",
                "/showcase/demo/?a=b",
                "/showcase/studios",
                "/showcase/studios/",
                "/showcase/studios/raleigh",
                "/studios/raleigh?x=y",
                "/showcase/studios/raleigh/request",
                "/showcase/regions/iad",
                "/showcase/regions/iad/",
                "/showcase/regions/iad/demo/",
                "/showcase/regions/sjc/demo/",
                "/showcase/regions/syd/",
                "/showcase/report.pdf",
                "/showcase/2025/city1/event1/a.xlsx",
                "/showcase/2022/sjcton/gala/",
                "/showcase/2022/sjcton/",
                "/showcase/2021/amsburg",
                "/showcase/2025/city1",
                "/showcase/2025/city3/",
                "/showcase/update_config",
                "/other/path",
                "/showcase/x.css",
                "/showcase/a%20b?c=%26",
                "//showcase/",
                "/showcase/../showcase/studios/",
                "/showcase/%2e%2e/x");

        static Wish any(Random random) {
            String tenant = SHAPE.events().get(random.nextInt(3) * 100);
            List<String> paths = new ArrayList<>(PATHS);
            paths.addAll(List.of(tenant, tenant + "/", tenant + "/heats?q=1", tenant + "/public/x", tenant + "/x.css"));
            String path = paths.get(random.nextInt(paths.size()));
            String method =
                    List.of("GET", "GET", "GET", "HEAD", "POST", "OPTIONS").get(random.nextInt(6));
            Map<String, String> headers = new java.util.HashMap<>();
            switch (random.nextInt(4)) {
                case 0 -> headers.put("Authorization", basic("sam:test"));
                case 1 -> headers.put("Authorization", basic(random.nextInt(20) == 0 ? "sam:wrong" : "sally:test"));
                default -> headers.put("X-Forwarded-User", "root");
            }
            String agent = random.nextInt(5) == 0 ? "Googlebot/2.1" : "Mozilla/5.0 Firefox/120.0";
            headers.put("User-Agent", agent);
            if (random.nextInt(4) == 0) {
                headers.put("X-Forwarded-For", "203.0.113." + random.nextInt(9));
            }
            if (random.nextInt(20) == 0) {
                headers.put("fly-replay-failed", "connection_timeout");
            }
            if (random.nextInt(4) == 0) {
                headers.put("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT");
            }
            return new Wish(method, path, headers);
        }

        private static String basic(String user) {
            return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        }
    }
}
