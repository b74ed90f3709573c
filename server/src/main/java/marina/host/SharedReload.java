package marina.host;

import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** A reload that has not begun, and is shared by all who ask for one until then. Thread-safe. */
final class SharedReload implements AtRest {
    private final CompletableFuture<ReloadOutcome> outcome = new CompletableFuture<>();
    private volatile AtRest rest;

    SharedReload(AtRest rest) {
        this.rest = rest;
    }

    /** Who says that now is the time has the last word, else who has looked last. Called by one thread at a time. */
    void isAskedForAgain(AtRest latest) {
        if (!rest.equals(TAKEN_FOR_GRANTED)) {
            rest = latest;
        }
    }

    @Override
    public boolean isStill(Collection<Path> read) {
        return rest.isStill(read);
    }

    void complete(ReloadOutcome over) {
        outcome.complete(over);
    }

    CompletableFuture<ReloadOutcome> outcome() {
        return outcome;
    }
}
