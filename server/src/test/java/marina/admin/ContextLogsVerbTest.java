package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import marina.config.Directories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code marina.sh logs}: the output of a context, with and without following it. */
class ContextLogsVerbTest {
    @TempDir
    private Path base;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path log = Path.of("");

    @BeforeEach
    void configure() throws IOException {
        log = base.resolve("elsewhere/contexts/sam/app.log");
        Files.createDirectories(base.resolve("conf"));
        Files.createDirectories(log.getParent());
        Files.writeString(
                base.resolve("conf/server.yml"),
                "log: { directory: elsewhere }\ncontexts: { /sam/app: { command: run } }\n");
    }

    @Test
    void printsTheLastFiftyLinesOrAsManyAsAskedFor() throws IOException {
        append(lines(1, 3_000));

        assertThat(run("logs", "/sam/app")).isZero();
        assertThat(out.toString()).isEqualTo(lines(2_951, 3_000));

        assertThat(printed("-n", "2")).isEqualTo(lines(2_999, 3_000));
        assertThat(printed("-n", "5000")).isEqualTo(lines(1, 3_000));
        assertThat(printed("-n", "0")).isEmpty();
    }

    @Test
    void printsALastLineThatHasNoEndYet() throws IOException {
        append("one\ntwo\nhälf");

        assertThat(printed("-n", "2")).isEqualTo("two\nhälf\n");
    }

    @Test
    void refusesAContextThatIsNotConfigured() {
        assertThat(run("logs", "/sam/none")).isEqualTo(1);
        assertThat(err.toString()).contains("/sam/none", "marina.sh contexts");
        assertThat(run("logs", "app")).isEqualTo(1);
        assertThat(run("logs", "/sam/app", "-n", "-1")).isEqualTo(2);
    }

    @Test
    void saysThatNothingWasPrintedYet() {
        assertThat(run("logs", "/sam/app")).isZero();
        assertThat(err.toString()).contains("/sam/app", "elsewhere/contexts/sam/app.log");
    }

    @Test
    void followsFromTheFirstLineOnAndAcrossRotation() throws Exception {
        Thread following = new Thread(() -> run("logs", "/sam/app", "-f"), "following");
        following.start();
        try {
            append("first\n");
            awaitPrinted("first\n");
            append("sec");
            append("ond\n");
            awaitPrinted("first\nsecond\n");

            Path old = log.resolveSibling("app.log.1");
            Files.move(log, old);
            Files.writeString(old, "third\n", StandardOpenOption.APPEND); // the writer may be a moment late
            append("fourth\n");

            awaitPrinted("first\nsecond\nthird\nfourth\n");
        } finally {
            following.interrupt();
            following.join(Duration.ofSeconds(10).toMillis());
        }
        assertThat(following.isAlive()).isFalse();
    }

    @Test
    void followsWhenSeveralFilesWereFilledBetweenTwoLooks() throws Exception {
        append("first\n");
        Thread following = new Thread(() -> run("logs", "/sam/app", "-f"), "following");
        following.start();
        try {
            awaitPrinted("first\n");
            Path one = log.resolveSibling("app.log.1");
            Files.move(log, one);
            Files.move(one, log.resolveSibling("app.log.2"));
            Files.writeString(one, "second\n");
            append("third\n");

            awaitPrinted("first\nsecond\nthird\n");
        } finally {
            following.interrupt();
            following.join(Duration.ofSeconds(10).toMillis());
        }
    }

    private void awaitPrinted(String text) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(out.toString()).isEqualTo(text));
    }

    private String printed(String... options) {
        out.getBuffer().setLength(0);
        String[] arguments = new String[options.length + 2];
        List.of("logs", "/sam/app").toArray(arguments);
        System.arraycopy(options, 0, arguments, 2, options.length);
        assertThat(run(arguments)).isZero();
        return out.toString();
    }

    private int run(String... arguments) {
        return new CommandLine(new Directories(base, base), Map.of())
                .picocli()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String lines(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }
}
