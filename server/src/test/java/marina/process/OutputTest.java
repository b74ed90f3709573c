package marina.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
    @TempDir
    Path folder;

    private Launched launched;

    @BeforeEach
    void open() {
        launched = new Launched(folder);
    }

    @AfterEach
    void close() {
        launched.close();
    }

    @Test
    void keepsTheLastTwentyLinesForTheReason() throws Exception {
        ExitOutcome outcome = Launched.exitOf(launched.sh("seq 1 30000; exit 3"));

        assertThat(outcome.describe()).isEqualTo("exit status 3");
        assertThat(outcome.lastLines()).hasSize(20).startsWith("29981").endsWith("30000");
        assertThat(launched.output).hasSize(30000);
    }

    @Test
    void aReasonStaysShortAndHasNoControlCharacters() throws Exception {
        ExitOutcome outcome = Launched.exitOf(
                launched.sh(
                        "head -c 1000000 /dev/zero | tr '\\0' x; echo; printf '\\033[31mred\\033[0m\\r\\a and \\0 nothing\\n'; exit 1"));

        assertThat(outcome.lastLines()).hasSize(20).endsWith("red and  nothing");
        assertThat(String.join("", outcome.lastLines())).hasSizeLessThan(20 * 501);
        assertThat(launched.output).last().asString().as("the log has it all").contains("\033[31m");
    }

    @Test
    void tellsStandardErrorFromStandardOutput() throws Exception {
        Launched.exitOf(launched.sh("echo to out; echo to err >&2; printf 'no newline'"));

        assertThat(launched.output).contains("OUT to out", "ERR to err", "OUT no newline");
    }

    @Test
    void goesOnWhenTheSinkThrows() throws Exception {
        ProcessSpec spec =
                new ProcessSpec("/shop", List.of("/usr/bin/seq", "1", "100000"), folder, Map.of(), (channel, line) -> {
                    throw new IllegalStateException("disk full");
                });

        ExitOutcome outcome = Launched.exitOf(launched.launcher.launch(spec));

        assertThat(outcome.status()).isZero();
        assertThat(outcome.lastLines()).endsWith("100000");
    }

    @Test
    void doesNotWaitForAGrandchildThatHoldsTheOutput() throws Exception {
        RunningProcess process = launched.sh("env -i setsid sleep 60 & echo $! > child; echo done; exit 1");
        Awaitility.await().until(() -> launched.output.contains("OUT done"));
        long begin = System.nanoTime();

        ExitOutcome outcome = Launched.exitOf(process);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        assertThat(outcome.lastLines()).containsExactly("done");
        ProcessHandle.of(launched.pidIn("child")).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void cutsLongLinesBetweenCharacters() {
        List<String> lines = new ArrayList<>();
        LineSplitter splitter = new LineSplitter(lines::add);
        String text = "x" + "é".repeat(LineSplitter.LIMIT) + "\r\n\nshort";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        splitter.accept(bytes, bytes.length);
        splitter.finish();

        assertThat(String.join("", lines)).isEqualTo("x" + "é".repeat(LineSplitter.LIMIT) + "short");
        assertThat(lines).endsWith("", "short").allSatisfy(line -> assertThat(
                        line.getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(LineSplitter.LIMIT));
    }

    @Test
    void turnsBytesThatAreNoTextIntoReplacementCharacters() throws Exception {
        Launched.exitOf(launched.sh("printf 'a\\377b\\n'"));

        assertThat(launched.output).containsExactly("OUT a\uFFFDb");
    }
}
