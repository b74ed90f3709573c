package marina.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who touches a file in conf/contexts wants its application restarted. */
class TouchedDescriptorTest {
    @TempDir
    private Path base;

    @Test
    void aReloadAtTheSameTimeDoesNotSwallowTheWish() throws Exception {
        Path app = Path.of("target/test-classes/apps/app.js").toAbsolutePath();
        MarinaUnderTest.write(base, "conf/contexts/app.yml", "command: [node, \"" + app + "\"]\ndirectory: .\n");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            String first = marina.get("/app/pid").body();
            Files.setLastModifiedTime(
                    base.resolve("conf/contexts/app.yml"),
                    FileTime.from(Instant.now().plusSeconds(1)));
            assertThat(marina.server().reloader().reload().join().succeeded()).isTrue();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !marina.get("/app/pid").body().equals(first));
        }
    }
}
