package marina.cgi;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many requests have a script at once: of one program as many as it says, of all together so many. Thread-safe. */
final class Places {
    private final Semaphore all;
    private final Map<Path, Integer> taken = new ConcurrentHashMap<>();

    Places(int most) {
        this.all = new Semaphore(most);
    }

    /** A place for one request, if there is one. */
    Optional<Place> take(CgiScript script) {
        if (!all.tryAcquire()) {
            return Optional.empty();
        }
        boolean[] free = {false};
        taken.compute(script.program(), (program, count) -> {
            int now = count == null ? 0 : count;
            free[0] = now < script.maxConcurrent();
            return free[0] ? Integer.valueOf(now + 1) : count;
        });
        if (!free[0]) {
            all.release();
            return Optional.empty();
        }
        return Optional.of(new Place(script.program()));
    }

    /** The place of one request. */
    final class Place {
        private final Path program;
        private final AtomicBoolean over = new AtomicBoolean();

        private Place(Path program) {
            this.program = program;
        }

        /** Leaves it to somebody else; only the first call counts. */
        void giveBack() {
            if (over.compareAndSet(false, true)) {
                taken.computeIfPresent(program, (key, count) -> count > 1 ? count - 1 : null);
                all.release();
            }
        }
    }
}
