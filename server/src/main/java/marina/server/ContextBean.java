package marina.server;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import marina.backend.BackendStatus;
import marina.config.ContextPath;
import marina.context.Failures;
import marina.context.MountedContext;
import marina.host.Host;
import marina.host.ReloadOutcome;

/** Shows a mounted context in JMX. */
final class ContextBean extends StateNotices implements ContextMXBean {
    private volatile MountedContext context;
    private final String name;
    private final Function<ContextPath, CompletableFuture<ReloadOutcome>> restart;

    /**
     * Shows one.
     *
     * @param name its path, with its version when it is an older one: {@code /shop##1}
     */
    ContextBean(MountedContext context, String name, Function<ContextPath, CompletableFuture<ReloadOutcome>> restart) {
        this.context = context;
        this.name = name;
        this.restart = restart;
    }

    /** Shows another context of the same name from now on. */
    void show(MountedContext next) {
        context = next;
    }

    /** Its instances as they are now. */
    List<BackendStatus> instances() {
        return context.status().instances();
    }

    @Override
    public String getPath() {
        return context.path().value();
    }

    @Override
    public String getVersion() {
        return context.config().version();
    }

    @Override
    public long getSessions() {
        boolean onlyOne = name.equals(context.path().value()) && getVersion().isEmpty();
        return onlyOne ? -1 : context.countSessions();
    }

    @Override
    public String getKind() {
        return context.status().kind();
    }

    @Override
    public String getDescription() {
        return context.status().description();
    }

    @Override
    public String getState() {
        return context.status().state();
    }

    @Override
    public String getReason() {
        return context.status().backend().reason();
    }

    @Override
    public long getPid() {
        return context.status().backend().pid();
    }

    @Override
    public String getAddress() {
        return context.status().backend().address();
    }

    @Override
    public int getInstances() {
        return context.status().instances().size();
    }

    @Override
    public int getReadyInstances() {
        return context.status().readyInstances();
    }

    @Override
    public List<Long> getPids() {
        return context.status().pids();
    }

    @Override
    public List<String> getAddresses() {
        return context.status().addresses();
    }

    @Override
    public long getRequests() {
        return context.status().requests();
    }

    @Override
    public int getActiveRequests() {
        return context.status().backend().leases();
    }

    @Override
    public long getStarts() {
        return context.status().backend().starts();
    }

    @Override
    public long getLastStartMillis() {
        return context.status().backend().lastStart().toMillis();
    }

    @Override
    public String getLastActivity() {
        return context.status().backend().lastActivity().toString();
    }

    @Override
    public String getDatabaseUrl() {
        return context.status().databaseUrl();
    }

    @Override
    public String getLastBackup() {
        return context.status().lastBackup();
    }

    @Override
    public String getBackupFailure() {
        return context.status().backupFailure();
    }

    @Override
    public String getSource() {
        return context.status().source();
    }

    @Override
    public void start() {
        await(context.start());
    }

    @Override
    public void stop() {
        await(context.stop(Host.DRAIN));
    }

    @Override
    public String backup() {
        return await(context.backup());
    }

    @Override
    public void restart() {
        ReloadOutcome outcome = restart.apply(new ContextPath(name)).join();
        if (!outcome.succeeded()) {
            throw new IllegalStateException(String.join("\n", outcome.messages()));
        }
    }

    /** A JMX client gets the reason as text: it need not have our exception classes. */
    private static <T> T await(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException e) {
            throw new IllegalStateException(Failures.reason(e));
        }
    }
}
