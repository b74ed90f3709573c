package marina.server;

import java.util.List;
import java.util.Locale;
import marina.hook.HookLog;
import marina.hook.HookLog.Outcome;

/**
 * Shows hooks in JMX.
 *
 * @param log remembers them
 */
record HooksBean(HookLog log) implements HooksMXBean {
    private static final int SHOWN = 50;

    @Override
    public int getRunning() {
        return count(Outcome.RUNNING);
    }

    @Override
    public int getFailed() {
        return count(Outcome.FAILED) + count(Outcome.TIMED_OUT);
    }

    @Override
    public List<HookView> getLast() {
        return log.all().stream()
                .limit(SHOWN)
                .map(entry -> (HookView) new View(entry))
                .toList();
    }

    private int count(Outcome outcome) {
        return (int)
                log.all().stream().filter(entry -> entry.outcome() == outcome).count();
    }

    private record View(HookLog.Entry entry) implements HookView {
        @Override
        public String getName() {
            return entry.name();
        }

        @Override
        public String getCommand() {
            return entry.command();
        }

        @Override
        public String getAt() {
            return entry.at().toString();
        }

        @Override
        public long getMillis() {
            return entry.took().toMillis();
        }

        @Override
        public String getOutcome() {
            return entry.outcome().name().toLowerCase(Locale.ROOT);
        }

        @Override
        public int getExit() {
            return entry.exit();
        }
    }
}
