package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import marina.config.LimitsConfig;
import marina.config.TrafficLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void close() {
        scheduler.shutdownNow();
    }

    @Test
    void theLongestIdleMakesRoomAndItsSeatIsFreeOnlyWhenNothingIsLeftOfIt() {
        Room room = room(2, LONG);
        FakeLodger a = new FakeLodger("/a").ask(room).idleFor(Duration.ofSeconds(3));
        FakeLodger b = new FakeLodger("/b").ask(room).idleFor(Duration.ofSeconds(5));

        FakeLodger c = new FakeLodger("/c").ask(room);

        assertThat(a.stoppedBecause).isEmpty();
        assertThat(b.stoppedBecause).isEqualTo("idle for 5s, made room for /c (limits.backends: 2)");
        assertThat(c.runs()).isFalse();
        assertThat(room.occupancy()).isEqualTo(new Occupancy(2, 2, 1));
        b.gone();
        assertThat(c.runs()).isTrue();
        assertThat(room.occupancy()).isEqualTo(new Occupancy(2, 2, 0));
    }

    @Test
    void whoWaitsGetsRoomInTheOrderOfAskingWhenSomeoneBecomesIdleOrEnds() {
        Room room = room(1, LONG);
        FakeLodger a = new FakeLodger("/a").ask(room);
        FakeLodger b = new FakeLodger("/b").ask(room);
        FakeLodger c = new FakeLodger("/c").ask(room);
        assertThat(room.awaitsIdle()).isTrue();

        a.idleFor(Duration.ZERO);
        room.idle();
        assertThat(a.stoppedBecause).contains("/b");
        a.gone();
        assertThat(b.runs()).isTrue();
        assertThat(c.runs()).isFalse();
        b.gone();

        assertThat(c.runs()).isTrue();
        assertThat(room.awaitsIdle()).isFalse();
    }

    @Test
    void oneThatIsStoppedComesBackBehindThoseWhoWait() {
        Room room = room(1, LONG);
        FakeLodger a = new FakeLodger("/a").ask(room).idleFor(LONG);
        FakeLodger b = new FakeLodger("/b").ask(room);

        FakeLodger again = new FakeLodger("/a").ask(room);
        a.gone();

        assertThat(b.runs()).isTrue();
        assertThat(again.runs()).isFalse();
        b.gone();
        assertThat(again.runs()).isTrue();
    }

    @Test
    void aSuccessorSharesTheSeatOfItsPredecessorEvenWhenOthersWait() {
        Room room = room(1, LONG);
        FakeLodger old = new FakeLodger("/a").ask(room);
        FakeLodger b = new FakeLodger("/b").ask(room);

        FakeLodger successor = new FakeLodger("/a").ask(room);

        assertThat(successor.runs()).isTrue();
        assertThat(room.occupancy()).isEqualTo(new Occupancy(1, 1, 1));
        old.idleFor(LONG);
        room.idle();
        assertThat(old.stoppedBecause).as("stopped while its successor starts").isEmpty();
        old.gone();
        assertThat(b.runs()).isFalse();
        successor.gone();
        assertThat(b.runs()).isTrue();
    }

    @Test
    void whoHasJustBecomeReadyStaysForItsGrace() {
        Room room = room(1, LONG);
        FakeLodger a = new FakeLodger("/a").ask(room);
        a.idle = new IdleTime(0, Duration.ofMillis(200).toNanos());

        new FakeLodger("/b").ask(room);
        assertThat(a.stoppedBecause).isEmpty();
        a.idle = new IdleTime(1, 0);

        await().until(() -> a.stoppedBecause.contains("/b"));
    }

    @Test
    void theLongestIdleIsWaitedForWhenItsGraceEndsSoonAndSkippedWhenNot() {
        Room room = room(2, LONG);
        FakeLodger a = new FakeLodger("/a").ask(room).idleFor(Duration.ofSeconds(1));
        FakeLodger b = new FakeLodger("/b").ask(room);
        b.idle = new IdleTime(
                Duration.ofSeconds(2).toNanos(), Duration.ofMillis(100).toNanos());

        new FakeLodger("/c").ask(room);
        assertThat(a.stoppedBecause + b.stoppedBecause).isEmpty();
        b.idle = new IdleTime(
                Duration.ofSeconds(2).toNanos(), Duration.ofSeconds(3).toNanos());

        await().until(() -> a.stoppedBecause.contains("/c"));
        assertThat(b.stoppedBecause).isEmpty();
    }

    @Test
    void aStartThatFindsNoRoomInTimeIsRefusedWithTheReason() {
        Room room = room(1, Duration.ofMillis(50));
        FakeLodger a = new FakeLodger("/a").ask(room);

        FakeLodger b = new FakeLodger("/b").ask(room);

        assertThatThrownBy(() -> b.seat().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(NoRoomException.class)
                .hasMessageContaining("limits.backends: 1");
        await().until(() -> room.occupancy().waiting() == 0);
        a.gone();
        assertThat(room.occupancy().running()).isZero();
    }

    @Test
    void oneThatWithdrawsIsNotStartedAndNobodyIsStoppedForIt() {
        Room room = room(1, LONG);
        FakeLodger a = new FakeLodger("/a").ask(room);
        new FakeLodger("/b").ask(room).seat().cancel(false);

        a.idleFor(LONG);
        room.idle();

        assertThat(a.stoppedBecause).isEmpty();
        assertThat(room.occupancy()).isEqualTo(new Occupancy(1, 1, 0));
        assertThat(scheduler.getQueue()).allMatch(task -> ((java.util.concurrent.Future<?>) task).isCancelled());
    }

    @Test
    void aHigherLimitLetsInWhoWaitsAndALowerOneStopsWhoIsIdle() {
        Room room = room(1, LONG);
        FakeLodger a = new FakeLodger("/a").ask(room);
        FakeLodger b = new FakeLodger("/b").ask(room);
        FakeLodger c = new FakeLodger("/c").ask(room);

        room.limit(limits(3, LONG, 0));
        assertThat(b.runs() && c.runs()).isTrue();

        c.idleFor(Duration.ofSeconds(1));
        room.limit(limits(1, LONG, 0));
        assertThat(c.stoppedBecause).isEqualTo("idle for 1s, more run than may (limits.backends: 1)");
        c.gone();
        b.idleFor(Duration.ofSeconds(1));
        room.idle();
        assertThat(b.stoppedBecause).contains("more run than may");
        assertThat(a.stoppedBecause).isEmpty();

        room.limit(limits(0, LONG, 0));
        assertThat(new FakeLodger("/d").ask(room).runs()).isTrue();
    }

    @Test
    void oneAfterTheOtherIsStoppedWhileAllTogetherUseTooMuchMemory() {
        Room room = new Room(limits(0, LONG, 100 << 20), scheduler);
        MemoryWatch watch = new MemoryWatch(room, new MemoryPressure(Path.of("absent")));
        FakeLodger a = memory("/a", 80).ask(room).idleFor(Duration.ofSeconds(1));
        FakeLodger b = memory("/b", 80).ask(room).idleFor(Duration.ofSeconds(2));
        FakeLodger busy = memory("/busy", 80).ask(room);

        watch.measure();
        watch.measure();

        assertThat(b.stoppedBecause).isEqualTo("idle for 2s, all backends used 240M of 100M (limits.memory)");
        assertThat(a.stoppedBecause).as("before the effect shows").isEmpty();
        b.gone();
        watch.measure();
        assertThat(a.stoppedBecause).contains("160M of 100M");
        a.gone();
        watch.measure();
        assertThat(busy.stoppedBecause).isEmpty();
    }

    @Test
    void aStartWhileMemoryIsShortWaitsForTheEndOfAnIdleOneButIsNeverRefused() {
        Room room = new Room(limits(0, LONG, 100 << 20), scheduler);
        MemoryWatch watch = new MemoryWatch(room, new MemoryPressure(Path.of("absent")));
        FakeLodger a = memory("/a", 200).ask(room);
        watch.measure();
        a.idleFor(LONG);

        FakeLodger b = memory("/b", 200).ask(room);
        assertThat(a.stoppedBecause).contains("limits.memory");
        assertThat(b.runs()).isFalse();
        a.gone();
        assertThat(b.runs()).isTrue();

        watch.measure();
        assertThat(new FakeLodger("/c").ask(room).runs()).as("none is idle").isTrue();
    }

    @Test
    void memoryPressureThatTheKernelReportsStopsOneIdleProcessInTenSeconds(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("memory");
        Room room = new Room(limits(0, LONG, 1L << 40), scheduler);
        MemoryWatch watch = new MemoryWatch(room, new MemoryPressure(file));
        FakeLodger a = memory("/a", 1).ask(room).idleFor(Duration.ofSeconds(1));
        FakeLodger b = memory("/b", 1).ask(room).idleFor(LONG);

        Files.writeString(file, "some avg10=9.90 avg60=80.00 avg300=1.00 total=1\nfull avg10=50.00\n");
        watch.measure();
        assertThat(b.stoppedBecause).isEmpty();
        Files.writeString(file, "some avg10=10.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.00\n");
        watch.measure();
        assertThat(b.stoppedBecause).contains("memory pressure of 10.0%").contains("2M");
        b.gone();
        watch.measure();
        assertThat(a.stoppedBecause).as("the average is still that of before").isEmpty();
    }

    private static FakeLodger memory(String key, long megabytes) {
        FakeLodger lodger = new FakeLodger(key);
        lodger.bytes = megabytes << 20;
        return lodger;
    }

    private Room room(int backends, Duration patience) {
        return new Room(limits(backends, patience, 0), scheduler);
    }

    private static LimitsConfig limits(int backends, Duration patience, long memory) {
        return new LimitsConfig(backends, patience, memory, TrafficLimits.DEFAULT);
    }
}
