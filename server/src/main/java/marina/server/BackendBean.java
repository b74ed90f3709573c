package marina.server;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import marina.backend.BackendState;
import marina.backend.BackendStatus;

/**
 * Shows one instance of a context in JMX.
 *
 * @param instances all of the context, as they are now
 * @param index which of them
 */
record BackendBean(Supplier<List<BackendStatus>> instances, int index) implements BackendMXBean {
    private static final BackendStatus GONE =
            new BackendStatus(BackendState.STOPPED, "", 0, "", 0, 0, java.time.Duration.ZERO, java.time.Instant.EPOCH);

    private BackendStatus status() {
        List<BackendStatus> all = instances.get();
        return index < all.size() ? all.get(index) : GONE; // fewer after a reload
    }

    @Override
    public String getState() {
        return status().state().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String getReason() {
        return status().reason();
    }

    @Override
    public long getPid() {
        return status().pid();
    }

    @Override
    public String getAddress() {
        return status().address();
    }

    @Override
    public int getLeases() {
        return status().leases();
    }

    @Override
    public long getStarts() {
        return status().starts();
    }

    @Override
    public long getLastStartMillis() {
        return status().lastStart().toMillis();
    }

    @Override
    public String getLastActivity() {
        return status().lastActivity().toString();
    }
}
