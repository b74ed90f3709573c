package marina.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose bytes are its starter's to write and to read. */
class PipedProcessTest {
    @TempDir
    private Path folder;

    @Test
    void bytesPassUnchangedAndErrorsGoToTheSink() throws Exception {
        byte[] bytes = new byte[10_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        try (Launched launched = new Launched(folder)) {
            PipedProcess process = start(launched, "echo complaint >&2; cat");
            try (OutputStream input = process.input()) {
                input.write(bytes);
            }

            assertThat(process.output().readAllBytes()).isEqualTo(bytes);
            assertThat(Launched.exitOf(process.process()).lastLines()).containsExactly("complaint");
            assertThat(launched.output).containsExactly("ERR complaint");
        }
    }

    @Test
    void whatIsUnreadAtItsEndIsStillThere() throws Exception {
        try (Launched launched = new Launched(folder)) {
            PipedProcess process = start(launched, "head -c 50000 /dev/zero; exit 3");

            assertThat(Launched.exitOf(process.process()).status()).isEqualTo(3);
            assertThat(process.output().readAllBytes()).hasSize(50_000);
        }
    }

    @Test
    void itsWholeTreeEndsAndWithItTheOutput() throws Exception {
        try (Launched launched = new Launched(folder)) {
            PipedProcess process = start(launched, "sleep 300 & echo started; sleep 300");
            byte[] begin = process.output().readNBytes(8);
            process.process().terminate(java.time.Duration.ZERO).get(10, TimeUnit.SECONDS);

            assertThat(new String(begin, StandardCharsets.US_ASCII)).isEqualTo("started\n");
            assertThat(process.output().readAllBytes()).isEmpty();
        }
    }

    @Test
    void itsOutputIsWaitedForAsLongAsOneLikes() throws Exception {
        try (Launched launched = new Launched(folder)) {
            PipedProcess process = start(launched, "read line; echo $line; read line");
            byte[] buffer = new byte[10];

            assertThat(process.output().keepsLimits()).isTrue();
            assertThat(process.output().read(buffer, Duration.ofMillis(50))).isZero();
            process.input().write("ab\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(process.output().read(buffer, Duration.ofSeconds(10))).isEqualTo(3);
            process.input().close();
            assertThat(process.output().read(buffer, Duration.ofSeconds(10))).isEqualTo(-1);
            process.output().close();
        }
    }

    @Test
    void whoClosesItsInputFreesWhoWritesToIt() throws Exception {
        try (Launched launched = new Launched(folder)) {
            PipedProcess process = start(launched, "exec sleep 300");
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    process.input().write(new byte[1 << 20]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            await().during(Duration.ofMillis(200)).until(() -> !written.isDone());

            process.input().close();

            assertThat(written).failsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void noDescriptorStaysOpen() throws Exception {
        try (Launched launched = new Launched(folder)) {
            Launched.exitOf(closed(launched).process());
            long before = descriptors();
            for (int i = 0; i < 20; i++) {
                Launched.exitOf(closed(launched).process());
            }
            await().until(() -> descriptors() < before + 10);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private PipedProcess closed(Launched launched) throws Exception {
        PipedProcess process = start(launched, "true");
        process.input().close();
        process.output().close();
        return process;
    }

    private PipedProcess start(Launched launched, String script) throws LaunchException {
        return launched.launcher.launchPiped(new ProcessSpec(
                "/script",
                List.of("sh", "-c", script),
                folder,
                Map.of("PATH", System.getenv("PATH")),
                (channel, line) -> launched.output.add(channel + " " + line)));
    }
}
