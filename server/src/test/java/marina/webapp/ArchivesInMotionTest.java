package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.config.EeLevel;
import marina.host.Host;
import marina.host.ReloadOutcome;
import marina.testing.ClientLoad;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Archives that are copied slowly, left half copied, or exchanged in ways that are hard to see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ArchivesInMotionTest {
    private static final int PIECES = 6;

    private DeploymentBed bed;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        bed = new DeploymentBed(folder);
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    private Path webapp(String name) {
        return bed.path("webapps/" + name);
    }

    /** Writes a file as {@code cp} does over a slow line: from its beginning, with pauses longer than a look. */
    private CompletableFuture<Void> copySlowly(byte[] content, Path target) {
        return CompletableFuture.runAsync(() -> {
            try (OutputStream file = Files.newOutputStream(target)) {
                for (int piece = 0; piece < PIECES; piece++) {
                    int from = content.length * piece / PIECES;
                    int to = content.length * (piece + 1) / PIECES;
                    file.write(content, from, to - from);
                    file.flush();
                    CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS))
                            .join();
                }
                bed.note(target);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aNewArchiveIsNotThereBeforeItIsWholeAndHoldsUpNoOthers() throws Exception {
        ClientLoad load = ClientLoad.on(bed.marina(), "/slow/do", 1);
        CompletableFuture<Void> copy = copySlowly(bed.bytes("whole"), webapp("slow.war"));
        bed.awaitReload();
        assertThat(copy).as("goes on after another context was deployed").isNotDone();
        assertThat(bed.text("/slow")).isEqualTo("404");
        copy.join();
        bed.awaitText("/slow", "whole");
        assertThat(load.stop()).allMatch(answer -> answer.startsWith("404"));
    }

    @Test
    void aRunningOneServesWhileItIsOverwritten() throws Exception {
        Path war = bed.war(webapp("over.war"), "old");
        bed.awaitText("/over", "old");
        ClientLoad load = ClientLoad.on(bed.marina(), "/over/do", 2);
        CompletableFuture<Void> copy = copySlowly(bed.bytes("new"), war);
        bed.awaitReload();
        assertThat(bed.text("/over")).isEqualTo("old");
        copy.join();
        bed.awaitText("/over", "new");
        assertThat(load.stop()).isEmpty();
    }

    @Test
    void oneThatIsIdleStartsWhileItIsOverwritten() throws Exception {
        Path war = bed.war(webapp("idle.war"), "old");
        bed.write(bed.path("conf/contexts/idle.yml"), "war: idle.war\nidle_timeout: 1s\n");
        bed.awaitText("/idle", "old");
        bed.marina().awaitState("/idle", "stopped");
        CompletableFuture<Void> copy = copySlowly(bed.bytes("new"), war);
        await().until(() -> Files.size(war) > 0);
        assertThat(bed.text("/idle")).isEqualTo("old");
        ReloadOutcome outcome = bed.marina().server().reloader().reload().join();
        assertThat(copy).isNotDone();
        assertThat(outcome.messages())
                .anyMatch(line -> line.startsWith("conf/contexts/idle.yml:1")
                        && line.contains("/idle did not change")
                        && line.contains(war + " is not a readable archive: ")
                        && line.endsWith("; what was deployed before goes on"));
        bed.marina().awaitState("/idle", "stopped");
        assertThat(bed.text("/idle")).isEqualTo("old");
        copy.join();
        bed.awaitText("/idle", "new");
    }

    @Test
    void halfAnArchiveIsReportedOnceAndTheOneBeforeGoesOn() throws Exception {
        Path war = bed.war(webapp("half.war"), "old");
        bed.awaitText("/half", "old");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Host.class.getPackageName());
        log.start();
        logger.addAppender(log);
        byte[] whole = bed.bytes("new");
        Files.write(war, Arrays.copyOf(whole, whole.length / 2));
        bed.note(war);
        await("the report").atMost(Duration.ofSeconds(40)).until(() -> List.copyOf(log.list).stream()
                .anyMatch(event -> event.getFormattedMessage().contains("context /half did not change")));
        assertThat(bed.text("/half")).isEqualTo("old");
        Files.write(webapp("new-half.war"), Arrays.copyOf(whole, whole.length / 2));
        bed.note(webapp("new-half.war"));
        await("the report of a new one").atMost(Duration.ofSeconds(40)).until(() -> List.copyOf(log.list).stream()
                .anyMatch(event -> event.getFormattedMessage()
                        .startsWith("webapps/new-half.war: context /new-half is not mounted: ")));
        logger.detachAppender(log);
        assertThat(bed.text("/new-half")).isEqualTo("404");
        assertThat(bed.text("/half")).isEqualTo("old");
        Files.write(war, whole);
        bed.note(war);
        bed.awaitText("/half", "new");
    }

    @Test
    void oneWhoseFilesAreDamagedInsideDoesNotTakeOver() throws Exception {
        Path war = bed.war(webapp("damaged.war"), "old");
        bed.awaitText("/damaged", "old");
        byte[] damaged = bed.bytes("new");
        int name = new String(damaged, StandardCharsets.ISO_8859_1).indexOf("app/Do.class");
        damaged[name + 60]++;
        Path draft = bed.path("draft");
        Files.write(draft, damaged);
        Files.move(draft, war, StandardCopyOption.ATOMIC_MOVE);
        bed.note(war);
        bed.awaitReload();
        ReloadOutcome outcome = bed.marina().server().reloader().reload().join();
        assertThat(outcome.messages()).anyMatch(line -> line.contains("/damaged") && line.contains(war.toString()));
        assertThat(bed.text("/damaged")).isEqualTo("old");
        bed.war(war, "mended");
        bed.awaitText("/damaged", "mended");
    }

    @Test
    void theOneBeforeStillServesWhenItComesBackFromIdlenessAfterAFailedOne() throws Exception {
        Path war = bed.war(webapp("back.war"), "old");
        bed.write(bed.path("conf/contexts/back.yml"), "war: back.war\nidle_timeout: 2s\n");
        bed.awaitText("/back", "old");
        Files.write(
                war,
                new TestWar(EeLevel.EE10, bed.outside("failing"))
                        .file("WEB-INF/web.xml", "<web-app><broken")
                        .bytes());
        bed.note(war);
        bed.awaitReload();
        bed.marina().server().reloader().reload().join();
        bed.marina().awaitState("/back", "stopped");
        assertThat(bed.text("/back")).isEqualTo("old");
    }

    @Test
    void anOlderOneIsNoticed() throws Exception {
        Path war = bed.war(webapp("older.war"), "new");
        bed.awaitText("/older", "new");
        Path older = bed.war(bed.outside("older.war"), "old");
        Files.setLastModifiedTime(older, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        Files.copy(older, bed.path("draft-older"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(bed.path("draft-older"), war, StandardCopyOption.ATOMIC_MOVE);
        bed.note(war);
        bed.awaitText("/older", "old");
    }

    @Test
    void oneOfTheSameSizeAndTimeIsNoticed() throws Exception {
        Path war = bed.war(webapp("twin.war"), "one");
        FileTime time = Files.getLastModifiedTime(war);
        bed.awaitText("/twin", "one");
        byte[] other = bed.bytes("two");
        assertThat(other).hasSize((int) Files.size(war));
        Files.write(war, other, StandardOpenOption.WRITE);
        Files.setLastModifiedTime(war, time);
        bed.note(war);
        bed.awaitText("/twin", "two");
    }

    @Test
    void changedRightsAreNoNewVersion() throws Exception {
        Path war = bed.war(webapp("rights.war"), "one");
        bed.awaitText("/rights", "one");
        String born = bed.born("/rights");
        assertThat(war.toFile().setExecutable(true)).isTrue();
        bed.awaitReload();
        assertThat(bed.born("/rights")).isEqualTo(born);
    }

    @Test
    void aCopyUnderAHiddenNameIsDeployedWhenItGetsItsOwn() throws Exception {
        Path hidden = webapp(".sync.war.Xy12Za");
        Path partial = webapp("sync.war.part");
        bed.war(hidden, "renamed");
        bed.write(partial, "half");
        bed.awaitReload();
        assertThat(bed.text("/sync")).isEqualTo("404");
        bed.delete(partial);
        Files.move(hidden, webapp("sync.war"), StandardCopyOption.ATOMIC_MOVE);
        bed.note(webapp("sync.war"));
        bed.forget(hidden);
        bed.awaitText("/sync", "renamed");
    }

    @Test
    void aLinkThatLeadsElsewhereIsNoticed() throws Exception {
        Path one = bed.war(bed.outside("link-1.war"), "one");
        Path two = bed.war(bed.outside("link-2.war"), "two");
        Files.setLastModifiedTime(two, Files.getLastModifiedTime(one));
        Files.createSymbolicLink(webapp("link.war"), one);
        bed.awaitText("/link", "one");
        ClientLoad load = ClientLoad.on(bed.marina(), "/link/do", 2);
        Files.createSymbolicLink(bed.path("next-link"), two);
        Files.move(bed.path("next-link"), webapp("link.war"), StandardCopyOption.ATOMIC_MOVE);
        bed.awaitText("/link", "two");
        assertThat(load.stop()).isEmpty();
    }

    @Test
    void anArchiveThatADescriptorNamesMayBeGoneForAWhile() throws Exception {
        Path war = bed.war(bed.outside("gone.war"), "old");
        bed.write(bed.path("conf/contexts/gone.yml"), "war: " + war + "\nidle_timeout: 1s\n");
        bed.awaitText("/gone", "old");
        ClientLoad load = ClientLoad.on(bed.marina(), "/gone/do", 1);
        bed.delete(war);
        ReloadOutcome outcome = bed.marina().server().reloader().reload().join();
        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.messages())
                .anyMatch(line ->
                        line.startsWith("conf/contexts/gone.yml:1:6: war: ") && line.contains("does not exist"));
        assertThat(load.stop()).isEmpty();
        bed.marina().awaitState("/gone", "stopped");
        assertThat(bed.text("/gone")).isEqualTo("old");
        bed.war(war, "new");
        bed.awaitText("/gone", "new");
    }
}
