package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that was logged is in the files after the stop, whole and in the form that was asked for. */
class LogsIT {
    private static final int REQUESTS = 500;
    private static final Pattern COMBINED = Pattern.compile(
            "127\\.0\\.0\\.1 - - \\[[^\\]]+\\] \"GET (\\S+) HTTP/1\\.1\" \\d{3} (?:\\d+|-) \"-?\" \"it\".*");

    @TempDir
    private Path base;

    @Test
    void combinedAccessLogAndTheOutputOfApplicationsAreComplete() {
        try (HomeUnderTest home = HomeUnderTest.at(
                base, "contexts: { /docs: { files: site }, /sam/chat: { %s } }\n".formatted(Apps.node("chat.js")))) {
            home.write("site/index.html", "hello");
            home.start();
            home.browser().awaitStatus("/sam/chat/print?lines=2000", 200);
            request(home);
            home.stop();

            Set<String> requested = new HashSet<>();
            for (String line : home.lines("logs/access.log")) {
                Matcher fields = COMBINED.matcher(line);
                assertThat(fields.matches()).as(line).isTrue();
                requested.add(fields.group(1));
            }
            assertThat(requested).hasSize(REQUESTS + 1);
            assertThat(home.lines("logs/contexts/sam/chat.log"))
                    .anyMatch(line -> line.endsWith(" out listening"))
                    .anyMatch(line -> line.endsWith(" out line 1"))
                    .anyMatch(line -> line.endsWith(" out line 1999"))
                    .last()
                    .asString()
                    .endsWith(" out line 2000goodbye");
            assertThat(home.read("logs/marina.log")).contains("Server startup", "Server stopped");
        }
    }

    @Test
    void jsonLogsAreJsonLineByLine() {
        try (HomeUnderTest home = HomeUnderTest.at(
                base,
                """
                log: { format: json, access: json }
                contexts: { /docs: { files: site }, /broken: { command: [no-such-program, "\\"quoted\\""] } }
                """)) {
            home.write("site/index.html", "hello");
            home.start();
            assertThat(home.browser().get("/broken/").statusCode()).isEqualTo(503);
            request(home);
            home.stop();

            Set<Object> requested = new HashSet<>();
            for (Map<?, ?> line : parsed(home.lines("logs/access.log"))) {
                assertThat(line.get("client")).isEqualTo("127.0.0.1");
                requested.add(line.get("uri") + " " + line.get("status"));
            }
            assertThat(requested).hasSize(REQUESTS + 1).contains("/broken/ 503", "/docs/?1 200");
            assertThat(parsed(home.lines("logs/marina.log")))
                    .anyMatch(line -> line.toString().contains("no-such-program"))
                    .last()
                    .asString()
                    .contains("Server stopped");
        }
    }

    private static void request(HomeUnderTest home) {
        Browser browser = home.browser();
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.rangeClosed(1, REQUESTS)
                .mapToObj(i -> browser.getAsync("/docs/?" + i))
                .toList();
        assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
    }

    private static List<Map<?, ?>> parsed(List<String> lines) {
        return lines.stream()
                .<Map<?, ?>>map(line -> (Map<?, ?>) new JSON().fromJSON(line))
                .toList();
    }
}
