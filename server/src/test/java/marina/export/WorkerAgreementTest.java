package marina.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the Worker sends a request, there lives the context that Marina gives it to, however the path is spelt. */
class WorkerAgreementTest {
    private static final int PATHS = 500;

    /** The place of each context is called as the context, so that what a backend is asked tells both. */
    private static final String YAML =
            """
            auth: { htpasswd: conf/htpasswd, public: ["/sam/", "/2025/", "/files/", "/up2", "*.css", "^/old/.*"] }
            public: { directory: public, try_files: [index.html, .html] }
            routes:
              - { match: "^/old/([a-z]+)/(.*)$", rewrite: "/2025/$1/$2" }
              - { match: "^/old/x(.*)$", redirect: "/2025/$1" }
              - { match: "/raw/(.+)\\\\.(txt|md)$", methods: [GET], upstream: "ECHO/raw-route" }
            contexts:
              /: { upstream: "ECHO/is-root/", region: root }
              /sam: { upstream: "ECHO/is-sam/", region: sam }
              /sam/list1: { upstream: "ECHO/is-samlist1/", region: samlist1 }
              /2025/boston: { upstream: "ECHO/is-boston/", region: boston }
              /2025/sydney: { upstream: "ECHO/is-sydney/", regions: [sydney, boston], auth: false }
              /2025: { upstream: "ECHO/is-year/", region: year, public: { directory: year } }
              /files: { files: site }
            """;

    private static final List<String> PIECES = List.of(
            "/2025/sydney",
            "/2025/sydney/",
            "/2025/sydney/x",
            "/sam/list1/x",
            "/2025/boston/x",
            "/sam/x",
            "/2025/x",
            "/",
            "/",
            "/",
            "/",
            "/",
            "/sam",
            "/sam/",
            "/list1",
            "/sam/list1/",
            "/2025",
            "/2025/boston",
            "/boston",
            "/sydney/",
            "/old/boston/",
            "/old/",
            "/x",
            "/raw/",
            "a.txt",
            "b.md",
            "/files/",
            "index.html",
            "style.css",
            "/docs",
            "/page",
            "page.html",
            "%20",
            "%73am",
            "%2F",
            "%25",
            "%3B",
            ";v=1",
            "//",
            "%C3%A4",
            "a+b",
            "~",
            "..x",
            "%7E",
            "A",
            "%41",
            "?",
            "?q=1",
            "&x=%2F..",
            "%5Bx%5D",
            "(1)",
            "'",
            "@",
            ":",
            "*",
            "|",
            "!",
            "$",
            ",");

    @TempDir
    private Path base;

    @Test
    void fiveHundredRandomPathsGoWhereTheyBelong() {
        MarinaUnderTest.write(base, "conf/htpasswd", "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=");
        for (String file : List.of(
                "public/index.html",
                "public/docs/index.html",
                "public/sam/page.html",
                "public/style.css",
                "public/x.html",
                "year/style.css",
                "year/page.html",
                "year/a+b",
                "site/index.html",
                "site/page.html",
                "site/A/style.css")) {
            MarinaUnderTest.write(base, file, "This is " + file);
        }
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, Integer> kinds = new TreeMap<>();
        try (EdgeBed bed = new EdgeBed(base, YAML)) {
            for (int i = 0; i < PATHS; i++) {
                String path = path(random);
                String method =
                        List.of("GET", "GET", "GET", "HEAD", "POST", "DELETE").get(random.nextInt(6));
                String[] fields = random.nextBoolean()
                        ? new String[] {"Authorization", "Basic c2FtOnRlc3Q="}
                        : new String[] {"X-Nothing", "1"};
                kinds.merge(check(bed, method, path, fields, "seed " + seed), 1, Integer::sum);
            }
        }
        // Else the paths would prove nothing.
        assertThat(kinds)
                .containsKeys("is-root", "is-sam", "is-samlist1", "is-boston", "is-sydney", "is-year", "status 401");
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder("/");
        int pieces = 1 + random.nextInt(6);
        for (int i = 0; i < pieces; i++) {
            path.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        String text = path.toString().replace("|", "%7C");
        return text.startsWith("//") ? "/" + text.replaceFirst("^/+", "") : text;
    }

    private static String check(EdgeBed bed, String method, String path, String[] fields, String seed) {
        String what = method + " " + path + " " + fields[0] + ", " + seed;
        int before = bed.heads().size();
        HttpResponse<String> direct = bed.askMarina(method, path, fields);
        int afterDirect = bed.heads().size();
        HttpResponse<String> edge = bed.ask(method, path, fields);

        assertThat(edge.statusCode()).as(what).isEqualTo(direct.statusCode());
        assertThat(spelt(edge.headers().firstValue("Location").orElse("")))
                .as(what)
                .isEqualTo(spelt(direct.headers().firstValue("Location").orElse("")));
        if (afterDirect == before) {
            assertThat(bed.heads()).as(what + ": no application answers").hasSize(before);
            if (edge.statusCode() == 200) {
                assertThat(edge.body()).as(what).isEqualTo(direct.body());
            }
            return "status " + edge.statusCode();
        }
        String expected = bed.heads().get(before);
        String found = bed.heads().get(afterDirect);
        assertThat(spelt(line(found))).as(what).isEqualTo(spelt(line(expected)));
        String context = line(found).replaceAll("^\\S+ /(is-\\w+|raw-route).*", "$1");
        String region = region(found);
        String home = context.equals("raw-route") ? "" : context.substring("is-".length());
        assertThat(region.replaceAll(",.*", ""))
                .as(what + ": the place of " + context)
                .isEqualTo(home);
        return context;
    }

    /** Cloudflare's runtime encodes the apostrophe of a query, as browsers do. */
    private static String spelt(String text) {
        return text.replace("%27", "'");
    }

    private static String line(String head) {
        return head.lines().findFirst().orElse("");
    }

    private static String region(String head) {
        return head.lines()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith("fly-prefer-region:"))
                .map(field -> field.substring(field.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }
}
