package marina.host;

import java.util.Optional;
import marina.config.ContextConfig;
import marina.context.MountedContext;

/** Makes contexts whose requests find their way back to the host. Thread-safe. */
interface ContextMaker {

    /** Makes a context; nothing is started. */
    MountedContext create(ContextConfig config);

    /** The application of a context behind other rules; empty when there is nothing to go on with. */
    Optional<MountedContext> createAround(MountedContext current, ContextConfig config);
}
