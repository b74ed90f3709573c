package marina.simulator.machine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What the directory said at each moment of the last ten minutes. Thread-safe. */
final class History {

    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();

    private final Deque<Moment> moments = new ArrayDeque<>(); // newest first; guarded by this

    private record Moment(long nanos, List<MachineView> machines) {}

    synchronized void add(List<MachineView> machines) {
        long now = System.nanoTime();
        moments.addFirst(new Moment(now, machines));
        while (moments.size() > 1 && now - moments.getLast().nanos() > KEPT_NANOS) {
            moments.removeLast();
        }
    }

    synchronized List<MachineView> at(Duration ago) {
        long then = System.nanoTime() - ago.toNanos();
        for (Moment moment : moments) {
            if (moment.nanos() - then <= 0) {
                return moment.machines();
            }
        }
        return moments.isEmpty() ? List.of() : moments.getLast().machines();
    }
}
