package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: what is saved when everything stops. */
class StoppingTest {
    private static final int TENANTS = 6;

    @TempDir
    private Path base;

    @Test
    void tenantsAreAskedToStopAndAllStopHooksRunAtOnce() throws Exception {
        StringBuilder tenants = new StringBuilder();
        for (int i = 0; i < TENANTS; i++) {
            tenants.append("    - {path: /t%d/, framework: node, var: {database: t%d}}\n".formatted(i, i));
        }
        NavigatorBed bed = new NavigatorBed(base)
                .program("bin/upload.sh", "cat $1.term >> uploads/$1; sleep 3; echo ' saved' >> uploads/$1\n")
                .file("uploads/README", "")
                .navigator(
                        """
                        server: {listen: LISTEN}
                        hooks: {tenant: {stop: [{command: bin/upload.sh, args: ['${database}'], timeout: 1m}]}}
                        applications:
                          env: {TERM_FILE: '${database}.term'}
                        """
                                + NavigatorBed.NODE + "  tenants:\n" + tenants);
        long begin;
        try (MarinaUnderTest marina = bed.start()) {
            IntStream.range(0, TENANTS)
                    .forEach(i ->
                            assertThat(marina.get("/t" + i + "/x").statusCode()).isEqualTo(200));
            begin = System.nanoTime();
        }
        // There they are killed without a word, and their hooks run one after the other until 30 seconds are over.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3L * TENANTS - 2));
        for (String name : List.of("t0", "t" + (TENANTS - 1))) {
            assertThat(Files.readString(base.resolve("uploads/" + name))).isEqualTo("at rest saved\n");
        }
    }
}
