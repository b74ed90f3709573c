package marina.host;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import marina.config.ContextConfig;
import marina.context.MountedContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which contexts live on this machine, and what follows from that.
 *
 * @param here whether one with this configuration does
 */
record Residence(Predicate<ContextConfig> here) {
    private static final Logger LOG = LoggerFactory.getLogger(Residence.class);

    /** Whether it is to run without being asked for. */
    boolean keeps(MountedContext context) {
        return context.config().lifecycle().minInstances() > 0 && here.test(context.config());
    }

    boolean has(MountedContext context) {
        return here.test(context.config());
    }

    /**
     * Stops what runs on behind other rules, and lives elsewhere by these: nobody asks for it here any more.
     *
     * @param around by what was mounted before
     * @param drain how long requests in flight may go on
     */
    void sendAway(Map<MountedContext, MountedContext> around, Duration drain) {
        around.forEach((before, after) -> {
            if (has(before) && !has(after)) {
                LOG.info("Context {} lives elsewhere now; it stops here", after.path());
                var unused = after.stop(drain);
            }
        });
    }
}
