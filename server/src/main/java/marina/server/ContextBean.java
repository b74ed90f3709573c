package marina.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import marina.context.Failures;
import marina.context.MountedContext;

/** Shows a mounted context in JMX. */
final class ContextBean implements ContextMXBean {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final MountedContext context;

    ContextBean(MountedContext context) {
        this.context = context;
    }

    @Override
    public String getPath() {
        return context.path().value();
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
    public String getSource() {
        return context.status().source();
    }

    @Override
    public void start() {
        await(context.start());
    }

    @Override
    public void stop() {
        await(context.stop(DRAIN));
    }

    @Override
    public void restart() {
        await(context.restart(DRAIN));
    }

    /** A JMX client gets the reason as text: it need not have our exception classes. */
    private static void await(CompletableFuture<Void> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            throw new IllegalStateException(Failures.reason(e));
        }
    }
}
