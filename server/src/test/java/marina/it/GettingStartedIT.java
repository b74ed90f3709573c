package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program for Node in docs/getting-started.md. */
class GettingStartedIT {
    @TempDir
    private Path base;

    @Test
    void theProgramStartsWhenAskedForAndStopsAfterwards() {
        Guide guide = Guide.of("getting-started.md");
        String yaml = guide.in("yaml").stream()
                .map(Guide.Piece::text)
                .filter(text -> text.contains("/hello:"))
                .findFirst()
                .orElseThrow();
        HomeUnderTest instance = HomeUnderTest.at(base, yaml.replace("idle_timeout: 1m", "idle_timeout: 1s"));
        try (HomeUnderTest home =
                instance.write("apps/hello/hello.js", guide.in("js").get(0).text())) {
            home.start();
            home.browser().awaitBody("/hello/", "Hello from process ");
            long pid = Long.parseLong(Visitor.find(home.browser().body("/hello/"), "process (\\d+)"));
            assertThat(home.read("logs/contexts/hello.log")).contains("listening on ");
            await().atMost(HomeUnderTest.PATIENCE).until(() -> !Processes.isAlive(pid));
            home.browser().awaitBody("/hello/", "Hello from process ");
        }
    }
}
