package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whatever nasty pieces a path is made of: context, backend and access log agree on it, and nothing breaks. */
@SuppressWarnings("NullAway.Init")
class RandomPathsTest {
    private static final int RANDOM_PATHS = 400;
    private static final List<String> ALPHABET = List.of(
            "/",
            "/",
            "/",
            "/",
            "//",
            ".",
            "..",
            "...",
            "%2e",
            "%2E%2e",
            "%2F",
            "%2f",
            "%5C",
            "\\",
            ";",
            ";x=1",
            ";..",
            "%3B",
            "%00",
            "%0a",
            "%25",
            "%252F",
            "%252e%252e",
            "%25%32%65",
            "%c0%ae",
            "%ff",
            "%E2%82%AC",
            "%20",
            "%",
            "%u002e",
            "a",
            "sam",
            "sam",
            "list1",
            "list1",
            "sally",
            "sally",
            "s%61lly",
            "%73am",
            "|",
            "{}",
            "\"",
            "<",
            "~",
            "#",
            "?q=//..",
            "@",
            ":");

    @TempDir
    private static Path base;

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("marina.access");
    private static final ListAppender<ILoggingEvent> LINES = new ListAppender<>();

    private static HeadEcho sam;
    private static HeadEcho sally;
    private static HeadEcho root;
    private static MarinaUnderTest marina;
    private static URI server;

    @BeforeAll
    static void start() throws Exception {
        LINES.list = new CopyOnWriteArrayList<>();
        LINES.start();
        LOGGER.setLevel(ch.qos.logback.classic.Level.INFO);
        LOGGER.addAppender(LINES);
        sam = new HeadEcho("sam");
        sally = new HeadEcho("sally");
        root = new HeadEcho("root");
        MarinaUnderTest.write(base, "site/a.txt", "a file");
        marina = MarinaUnderTest.start(
                base,
                """
                log: { access: json }
                contexts:
                  /: { upstream: "%s" }
                  /sam/list1: { upstream: "%s" }
                  /sally/list1: { upstream: "%s" }
                  /stripped: { upstream: "%s/" }
                  /files: { files: site }
                """
                        .formatted(root.url(), sam.url(), sally.url(), sally.url()));
        server = marina.uri("");
    }

    @AfterAll
    static void stop() {
        LOGGER.detachAppender(LINES);
        LOGGER.setLevel(null);
        marina.close();
        sam.close();
        sally.close();
        root.close();
    }

    @Test
    void randomPathsMeanTheSameToEverybody() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < RANDOM_PATHS; i++) {
            StringBuilder path = new StringBuilder("/");
            int pieces = 1 + random.nextInt(9);
            for (int piece = 0; piece < pieces; piece++) {
                path.append(ALPHABET.get(random.nextInt(ALPHABET.size())));
            }
            check(path.toString(), "seed " + seed + " path " + path);
        }
    }

    private static void check(String target, String what) {
        String id = UUID.randomUUID().toString();

        String answer = RawClient.get(server, target, "X-Request-Id: " + id);

        int status = RawClient.status(answer);
        assertThat(status).as(what).isIn(200, 302, 400, 404);
        if (status != 200 || answer.endsWith("a file")) {
            return;
        }
        String[] lines = answer.substring(answer.indexOf("\r\n\r\n") + 4).split("\r?\n", -1);
        HttpURI seen = HttpURI.from(lines[1].split(" ", -1)[1]);
        String canonical = org.eclipse.jetty.util.URIUtil.compactPath(seen.getCanonicalPath());
        assertThat(canonical).as(what).doesNotContain("/../", "/./", "\\", "\u0000");
        String expected =
                belongs(canonical, "/sam/list1") ? "sam" : belongs(canonical, "/sally/list1") ? "sally" : "root";
        assertThat(lines[0]).as(what).isEqualTo(expected);
        assertThat(await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> loggedPath(id), path -> !path.isEmpty()))
                .as(what)
                .isEqualTo(canonical);
    }

    private static String loggedPath(String id) {
        for (int i = LINES.list.size() - 1; i >= 0; i--) {
            Map<?, ?> line = (Map<?, ?>) new JSON().fromJSON(LINES.list.get(i).getFormattedMessage());
            if (id.equals(line.get("request_id"))) {
                return String.valueOf(line.get("path"));
            }
        }
        return "";
    }

    private static boolean belongs(String path, String context) {
        return path.equals(context) || path.startsWith(context + "/");
    }
}
