package marina.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import marina.config.ConfigException;
import marina.config.ContextPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of a reload, or of the restart of a context.
 *
 * @param succeeded whether what runs is now what was asked for
 * @param messages what was done, or every problem; for the operator
 * @param changed what is different from the configuration before, a line each, secrets masked; empty when nothing is, and for
 *     what is no reload
 */
public record ReloadOutcome(boolean succeeded, List<String> messages, List<String> changed) {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadOutcome.class);

    /** Copies its lists. */
    public ReloadOutcome {
        messages = List.copyOf(messages);
        changed = List.copyOf(changed);
    }

    /** One that has changed no configuration. */
    public ReloadOutcome(boolean succeeded, List<String> messages) {
        this(succeeded, messages, List.of());
    }

    /** Of a configuration with problems; logged. */
    static ReloadOutcome refused(ConfigException refusal) {
        List<String> problems =
                refusal.problems().stream().map(Object::toString).toList();
        problems.forEach(LOG::error);
        LOG.error("Reload refused, the running configuration stays; problems: {}", problems.size());
        return new ReloadOutcome(false, problems);
    }

    /** Of a fault of Marina's own; logged. */
    static ReloadOutcome broken(Throwable failure) {
        LOG.error("Reload failed; the running configuration stays", failure);
        return new ReloadOutcome(false, List.of("Reload failed: " + failure + "; see the log"));
    }

    /** This outcome of a reload that changed this. */
    ReloadOutcome withChanges(List<String> changes) {
        return new ReloadOutcome(succeeded, messages, changes);
    }

    /** This outcome with further problems; with none it stays as it is. */
    ReloadOutcome with(List<String> problems) {
        return new ReloadOutcome(
                succeeded && problems.isEmpty(),
                Stream.concat(messages.stream(), problems.stream()).toList());
    }

    /**
     * What becomes of a plan, when all steps are done; what failed is logged.
     *
     * @param steps complete with what went wrong, or empty
     * @param earlier steps of reloads before this one, which log them
     */
    static CompletableFuture<ReloadOutcome> of(
            ReloadPlan plan,
            List<CompletableFuture<Optional<String>>> steps,
            List<CompletableFuture<Optional<String>>> earlier) {
        return CompletableFuture.allOf(
                        Stream.concat(steps.stream(), earlier.stream()).toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    List<String> failures = failures(steps);
                    failures.forEach(LOG::error);
                    return of(plan, Stream.concat(failures.stream(), failures(earlier).stream()));
                });
    }

    private static List<String> failures(List<CompletableFuture<Optional<String>>> steps) {
        return steps.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
    }

    private static ReloadOutcome of(ReloadPlan plan, Stream<String> problems) {
        List<String> messages = new ArrayList<>();
        messages.add("Reloaded: " + plan);
        if (!plan.needRestart().isEmpty()) {
            messages.add("A restart is needed for the change of: " + String.join(", ", plan.needRestart()));
        }
        List<String> failures = problems.distinct().toList();
        messages.addAll(failures);
        return new ReloadOutcome(failures.isEmpty(), messages);
    }

    /** What became of the restart of a context. */
    static ReloadOutcome ofRestart(ContextPath path, Optional<String> failure) {
        return new ReloadOutcome(
                failure.isEmpty(),
                List.of(failure.map(reason -> path + ": restart failed: " + reason)
                        .orElse(path + ": restart done")));
    }
}
