package marina.machine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.config.IdleConfig;

/**
 * Looks at the clocks regularly. When it has not looked for too long, whoever comes first does so in its place: so the first request
 * after a sleep is not quicker than the heart. Thread-safe.
 */
final class Heartbeat {
    /** The longest pause between two beats. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final long OLD_MILLIS = 3_000;

    private final SleepSigns signs; // guarded by this
    private final ForeignClock others = new ForeignClock(); // guarded by this, but for its glance
    private final Supplier<Reading> clocks;
    private final Runnable alarm;
    private volatile Reading last;
    private volatile boolean begun;

    /**
     * One that has not begun.
     *
     * @param clocks read them
     * @param alarm is called after a sleep, before anybody else can take it for over because somebody has looked; must not block
     */
    Heartbeat(Supplier<Reading> clocks, Runnable alarm) {
        this.clocks = clocks;
        this.alarm = alarm;
        last = clocks.get();
        signs = new SleepSigns(last);
    }

    /** How long to wait for the next beat: shorter when something is under way, or when the idle time is short. */
    static Duration pause(MachineState state, IdleConfig idle) {
        if (state != MachineState.RUNNING) {
            return SHORTEST_PAUSE;
        }
        Duration quarter = idle.timeout().dividedBy(4);
        if (!idle.enabled() || quarter.compareTo(PAUSE) > 0) {
            return PAUSE;
        }
        return quarter.compareTo(SHORTEST_PAUSE) > 0 ? quarter : SHORTEST_PAUSE;
    }

    /**
     * Whether a look at the clocks may show a sleep: it has not beaten for long, since its first beat, or the clock of another machine
     * is further ahead of this one's than it was. Reads each clock once, nothing else.
     *
     * @param told what time it is by that clock, in milliseconds since 1970; 0 when nobody says
     */
    boolean mayShowSleep(long told) {
        if (!begun) {
            return false;
        }
        long wall = System.currentTimeMillis();
        long running = System.nanoTime();
        Reading before = last;
        return wall - before.wall() > OLD_MILLIS
                || running - before.running() > OLD_NANOS
                || others.isAhead(told, wall, running);
    }

    /**
     * Beats; the first time, this only begins.
     *
     * @param pause that was meant to lie between this beat and the last
     * @param expected whether a sleep has been asked for
     * @return what shows that there was a sleep
     */
    synchronized Optional<String> beat(Duration pause, boolean expected) {
        Reading now = clocks.get();
        if (!begun) { // a server may have taken long to start, and what it waited for was no sleep
            begun = true;
            last = now;
            signs.begin(now);
            return Optional.empty();
        }
        Optional<String> sign = signs.look(now, pause, expected);
        sign.ifPresent(shown -> alarm.run());
        if (Math.abs(now.jumpMillis(last)) > ForeignClock.AHEAD_MILLIS) {
            others.corrected();
        }
        last = now;
        return sign;
    }

    /** What the clock of another machine shows; the wall clock will be set right soon. */
    synchronized Optional<String> signOf(long told) {
        Reading now = clocks.get();
        if (!others.isAhead(told, now.wall(), now.running())) {
            return Optional.empty();
        }
        alarm.run();
        signs.expectCorrection(now);
        return others.look(told, now);
    }

    /** There was a sleep that the clocks do not show yet. */
    synchronized void expectCorrection() {
        signs.expectCorrection(clocks.get());
    }
}
