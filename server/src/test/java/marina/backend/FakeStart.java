package marina.backend;

import java.util.concurrent.CompletableFuture;

/** A start that the test completes; one that was given up ends only when the test says so. */
final class FakeStart implements Start<FakeInstance> {
    final CompletableFuture<FakeInstance> ready = new CompletableFuture<>();
    final CompletableFuture<Void> givenUp = new CompletableFuture<>();

    @Override
    public CompletableFuture<FakeInstance> ready() {
        return ready;
    }

    @Override
    public void giveUp() {
        givenUp.complete(null);
    }

    void complete(FakeInstance instance) {
        ready.complete(instance);
    }

    void fail(String reason) {
        ready.completeExceptionally(new StartFailedException(reason));
    }
}
