package marina.webapp;

import static marina.webapp.BackedUpList.context;
import static marina.webapp.BackedUpList.rows;
import static marina.webapp.BackedUpList.stop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of SQLite databases that are put back. */
class RestoreTest {
    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private BackedUpList list;

    @BeforeEach
    void pack() throws IOException {
        list = BackedUpList.in(base);
    }

    @Test
    void aCopyIsPutBackWhatWasThereIsKeptAndItRunsAgain() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war } }\n")) {
            marina.get("/sam/list/do?n=1");
            context(marina).backup().join();
            marina.get("/sam/list/do?n=2");
            Path database = base.resolve("data/sam/list.db");
            Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-rw----"));

            String outcome = context(marina).restore("").join();

            assertThat(outcome)
                    .contains("restored from " + list.copies().get(0))
                    .contains("what was there is in " + list.copies().get(1))
                    .contains("started again");
            assertThat(marina.status("/sam/list").state()).isEqualTo("ready");
            assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
            assertThat(rows(list.copies().get(1))).isEqualTo(2);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
                    .isEqualTo("rw-rw----");

            stop(marina);
            String again = context(marina)
                    .restore(list.copies().get(1).getFileName().toString())
                    .join();
            assertThat(again).doesNotContain("started");
            assertThat(marina.status("/sam/list").state()).isEqualTo("stopped");
            assertThat(marina.get("/sam/list/do").body()).isEqualTo("2");
        }
    }

    @Test
    void theNewestCopyIsTheOneFromBeforeTheRestore() throws Exception {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war, backup: { keep: 1 } } }\n")) {
            marina.get("/sam/list/do?n=1");
            context(marina).backup().join();
            Path before = onlyCopy();
            marina.get("/sam/list/do?n=2");

            assertThat(context(marina).restore("").join()).contains("restored from " + before);

            assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
            assertThat(list.copies("data/backups")).as("with what was there").hasSize(2);
        }
        assertThat(rows(onlyCopy())).as("the stop at the end").isEqualTo(1);
    }

    private Path onlyCopy() throws IOException {
        assertThat(list.copies()).hasSize(1);
        return list.copies().get(0);
    }

    @Test
    void requestsDuringARestoreWaitForIt() throws Exception {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war, page_after: 60s } }\n")) {
            marina.get("/sam/list/do?n=1");
            context(marina).backup().join();
            for (int n = 2; n < 6; n++) {
                marina.get("/sam/list/do?n=" + n);
                AtomicBoolean over = new AtomicBoolean();
                CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
                    while (!over.get()) {
                        assertThat(marina.get("/sam/list/do").statusCode()).isEqualTo(200);
                    }
                });
                context(marina).restore(list.copies().get(0).toString()).join();
                assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
                over.set(true);
                reader.join();
            }
        }
    }

    @Test
    void aDamagedCopyIsRefusedAndADamagedDatabaseIsKept() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war } }\n")) {
            marina.get("/sam/list/do?n=1");
            context(marina).backup().join();
            Path good = list.copies().get(0);
            byte[] bytes = Files.readAllBytes(good);
            Arrays.fill(bytes, 4096, bytes.length - 100, (byte) 7);
            Path damaged = Files.write(base.resolve("damaged.db"), bytes);

            for (String file :
                    List.of(damaged.toString(), base.resolve("webapps/list.war").toString(), "none.db")) {
                assertThatThrownBy(() -> context(marina).restore(file).join())
                        .as(file)
                        .hasMessageMatching(
                                "(?s).*(is damaged \\(.*take another one|there is no backup none.db; .* are: sam#list-).*");
                assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
            }

            stop(marina);
            Files.write(base.resolve("data/sam/list.db"), bytes);
            assertThatThrownBy(() -> context(marina).backup().join())
                    .hasMessageContaining("could not be copied")
                    .hasMessageContaining("integrity_check");
            assertThat(marina.status("/sam/list").backupFailure()).contains("could not be copied");

            assertThat(context(marina).restore("").join()).contains(".damaged");
            assertThat(list.copies()).last().satisfies(kept -> assertThat(kept).hasBinaryContent(bytes));
            assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
        }
    }
}
