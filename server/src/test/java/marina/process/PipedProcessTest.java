package marina.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    private PipedProcess start(Launched launched, String script) throws LaunchException {
        return launched.launcher.launchPiped(new ProcessSpec(
                "/script",
                List.of("sh", "-c", script),
                folder,
                Map.of("PATH", System.getenv("PATH")),
                (channel, line) -> launched.output.add(channel + " " + line)));
    }
}
