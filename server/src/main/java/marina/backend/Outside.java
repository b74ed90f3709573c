package marina.backend;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a backend does without its lock: call instances, on threads of its executor. Thread-safe. */
final class Outside implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);

    private final String name;
    private final Executor executor;

    Outside(String name, Executor executor) {
        this.name = name;
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is stopping, its threads take no more work: {}", e.toString());
            task.run();
        }
    }

    /** Stops an instance and goes on when it is gone, cleanly or not. */
    void stop(Instance instance, Runnable then) {
        execute(() -> {
            CompletableFuture<Void> stopping;
            try {
                stopping = instance.stop();
            } catch (RuntimeException e) {
                stopping = CompletableFuture.failedFuture(e);
            }
            var unused = stopping.whenCompleteAsync(
                    (nothing, failure) -> {
                        if (failure != null) {
                            LOG.warn("Backend {} did not stop cleanly: {}", name, messageOf(failure));
                        }
                        then.run();
                    },
                    this);
        });
    }

    /** The reason of a failure in the operator's words. */
    static String messageOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = cause.getMessage();
        boolean plain = cause instanceof StartFailedException || cause instanceof NoRoomException;
        return plain && message != null ? message : cause.toString();
    }
}
