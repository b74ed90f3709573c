package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import marina.testing.MarinaUnderTest;
import marina.testing.SmallDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What applications print, whatever it is: it ends in their own log, within its bound, and harms nobody. */
class AppLogTest {
    private static final int MEGABYTE = 1 << 20;
    private static final String LINE = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} (out|err) ";

    @TempDir
    private Path base;

    @Test
    void aHundredMegabytesGoOutWithinTheBoundOfTheLogWhileRequestsGoOn() throws Exception {
        try (MarinaUnderTest marina = start()) {
            assertThat(marina.get("/app/").body()).isEqualTo("app");
            CompletableFuture<HttpResponse<String>> flood = run(
                    marina,
                    "/app",
                    "yes 'a line of the size that web applications print for each request' | head -c 100m");
            long used = 0;
            int answers = 0;
            while (!flood.isDone()) {
                assertThat(marina.get("/app/").body()).isEqualTo("app");
                assertThat(marina.get("/other/").body()).isEqualTo("other");
                answers++;
                used = Math.max(used, logBytes());
            }

            assertThat(flood.join().body()).isEqualTo("ended with 0");
            assertThat(answers).isGreaterThan(10);
            assertThat(Math.max(used, logBytes())).isBetween(20L * MEGABYTE, 41L * MEGABYTE);
            assertThat(lastLines("app.log")).last().asString().matches(LINE + "a line of the size .*");
        }
    }

    @Test
    void aLineOfFiftyMegabytesComesInPieces() throws Exception {
        try (MarinaUnderTest marina = start()) {
            assertThat(run(marina, "/app", "head -c 50m /dev/zero | tr '\\0' x; echo; echo after >&2")
                            .join()
                            .statusCode())
                    .isEqualTo(200);

            await().until(() -> lastLines("app.log").stream().anyMatch(line -> line.endsWith(" err after")));
            assertThat(lastLines("app.log"))
                    .allSatisfy(line -> assertThat(line.length()).isLessThan(8300));
            assertThat(logBytes()).isLessThan(41L * MEGABYTE);
        }
    }

    @Test
    void junkStaysOnItsLines() throws Exception {
        try (MarinaUnderTest marina = start()) {
            assertThat(run(
                                    marina,
                                    "/app",
                                    "head -c 3m /dev/urandom; echo; echo 'a\\0b'; printf 'a\\377b\\n\\033[31mred\\r\\n'")
                            .join()
                            .statusCode())
                    .isEqualTo(200);
            await().until(() -> lastLines("app.log").stream().anyMatch(line -> line.contains("red")));

            List<String> lines = Files.readString(log("app.log")).lines().toList();
            assertThat(lines)
                    .anyMatch(line -> line.endsWith(" out a\0b"))
                    .anyMatch(line -> line.endsWith(" out a\uFFFDb"));
            assertThat(marina.get("/app/").body()).isEqualTo("app");
        }
    }

    @Test
    void anApplicationThatClosesItsOutputRunsOn() {
        try (MarinaUnderTest marina = start()) {
            String pid = marina.get("/app/pid").body();
            assertThat(marina.get("/app/silence").statusCode()).isEqualTo(200);

            assertThat(marina.get("/app/pid").body()).isEqualTo(pid);
            assertThat(marina.status("/app").state()).isEqualTo("ready");
        }
    }

    @Test
    void aFullDiskCostsOnlyLinesOfItsOwnLogAndThatGoesOnWhenThereIsSpaceAgain() throws Exception {
        try (SmallDisk disk = SmallDisk.at(base.resolve("logs/contexts/small"), "64k");
                MarinaUnderTest marina = start()) {
            marina.get("/small/app/");
            run(marina, "/small/app", "seq -f 'a line that needs some space: %g' 1 20000")
                    .join();
            run(marina, "/app", "echo meanwhile").join();

            await().until(() -> lastLines("app.log").stream().anyMatch(line -> line.endsWith(" out meanwhile")));
            assertThat(marina.get("/small/app/").body()).isEqualTo("small/app");
            assertThat(log("small/app.log")).hasSize(64 << 10);

            disk.resize("8m");
            await().pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                run(marina, "/small/app", "echo there is space").join();
                assertThat(lastLines("small/app.log")).last().asString().endsWith(" out there is space");
            });
            assertThat(lastLines("small/app.log"))
                    .anyMatch(line -> line.matches(LINE.replace("out|err", "log") + "\\d+ lines are missing here.*"))
                    .filteredOn(line -> !line.matches(LINE.replace("err", "err|log") + ".*"))
                    .as("lines that are broken off")
                    .hasSizeLessThan(2);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlyTheLog() throws Exception {
        Path blocked = Files.writeString(
                Files.createDirectories(base.resolve("logs/contexts")).resolve("small"), "a file");
        try (MarinaUnderTest marina = start()) {
            assertThat(marina.get("/small/app/").body()).isEqualTo("small/app");
            Files.delete(blocked);

            await().pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                run(marina, "/small/app", "echo again").join();
                assertThat(lastLines("small/app.log")).anyMatch(line -> line.endsWith(" out again"));
            });
        }
    }

    private MarinaUnderTest start() {
        StringBuilder yaml = new StringBuilder("contexts:\n");
        for (String name : List.of("app", "other", "small/app")) {
            yaml.append("  /%s: { command: [node, unruly.js], directory: %s, env: { VERSION: %s } }%n"
                    .formatted(name, Path.of("target/test-classes/apps").toAbsolutePath(), name));
        }
        return MarinaUnderTest.start(base, yaml.toString());
    }

    private static CompletableFuture<HttpResponse<String>> run(MarinaUnderTest marina, String path, String script) {
        return marina.getAsync(path + "/run?script=" + URLEncoder.encode(script, StandardCharsets.UTF_8));
    }

    private Path log(String name) {
        return base.resolve("logs/contexts").resolve(name);
    }

    private List<String> lastLines(String name) throws IOException {
        byte[] bytes = Files.exists(log(name)) ? Files.readAllBytes(log(name)) : new byte[0];
        int from = Math.max(0, bytes.length - 100_000);
        List<String> lines = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                .lines()
                .toList();
        return from == 0 ? lines : lines.subList(1, lines.size());
    }

    private long logBytes() throws IOException {
        try (Stream<Path> files = Files.list(log("."))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
