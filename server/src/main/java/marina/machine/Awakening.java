package marina.machine;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import marina.config.Hook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows a sleep: others are forgotten, the resume hooks run, the configuration is read anew. Used by one thread, to which
 * all that takes time comes back.
 */
final class Awakening {
    private static final Logger LOG = LoggerFactory.getLogger(Awakening.class);

    private final Surroundings world;
    private final Consumer<Runnable> post;
    private final Runnable done;
    private boolean again;

    Awakening(Surroundings world, Consumer<Runnable> post, Runnable done) {
        this.world = world;
        this.post = post;
        this.done = done;
    }

    /**
     * Begins.
     *
     * @param before ends before the first hook
     */
    void begin(CompletableFuture<Boolean> before, List<Hook> hooks) {
        again = false;
        var unused = before.whenComplete((ended, failure) -> post.accept(() -> {
            world.forgetOthers();
            nextHook(hooks, hooks.iterator());
        }));
    }

    /** It has slept once more meanwhile: all of it is done once more. */
    void again() {
        again = true;
    }

    private void nextHook(List<Hook> hooks, Iterator<Hook> rest) {
        if (!rest.hasNext()) {
            reread(hooks);
            return;
        }
        var unused = world.afterSleep(rest.next())
                .whenComplete((succeeded, failure) -> post.accept(() -> {
                    if (failure == null && succeeded) {
                        nextHook(hooks, rest);
                    } else {
                        LOG.error("A resume hook failed, see above; requests go on without it and those after it");
                        reread(hooks);
                    }
                }));
    }

    private void reread(List<Hook> hooks) {
        var unused = world.rereadConfig()
                .whenComplete((read, failure) -> post.accept(() -> {
                    if (again) {
                        begin(CompletableFuture.completedFuture(true), hooks);
                    } else {
                        done.run();
                    }
                }));
    }
}
