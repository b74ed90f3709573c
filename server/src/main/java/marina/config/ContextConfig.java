package marina.config;

import java.util.Map;
import java.util.Objects;

/**
 * One context, with everything that it inherits already filled in. Two contexts are equal when they ask for the same,
 * wherever it is written, so that a line added above a context does not look like a change of it.
 *
 * @param path where it is mounted, the server's base_path included
 * @param source where the operator wrote it; no part of equality
 * @param content what answers
 * @param env what the application finds in its environment (process) or in JNDI and init parameters (hosted WAR)
 * @param lifecycle when its backend starts, is ready and stops
 * @param hooks the commands around its backend's life
 * @param process how its process runs
 * @param access who gets what before the content is asked
 * @param placement where it lives
 * @param traffic what it takes on
 */
public record ContextConfig(
        ContextPath path,
        SourceLocation source,
        Content content,
        Map<String, Template> env,
        LifecyclePolicy lifecycle,
        ContextHooks hooks,
        ProcessConfig process,
        AccessConfig access,
        PlacementConfig placement,
        TrafficConfig traffic) {

    /** Copies its map. */
    public ContextConfig {
        env = Map.copyOf(env);
    }

    /** A context with defaults for all that is not named here. */
    public ContextConfig(
            ContextPath path,
            SourceLocation source,
            Content content,
            Map<String, Template> env,
            LifecyclePolicy lifecycle,
            ContextHooks hooks) {
        this(
                path,
                source,
                content,
                env,
                lifecycle,
                hooks,
                ProcessConfig.DEFAULT,
                AccessConfig.OPEN,
                PlacementConfig.ANYWHERE,
                TrafficConfig.DEFAULT);
    }

    /** A context that starts nothing. */
    ContextConfig(ContextPath path, SourceLocation source, Content content, Map<String, Template> env) {
        this(path, source, content, env, LifecyclePolicy.DEFAULT, ContextHooks.NONE);
    }

    /** Whether a process of its own answers. */
    boolean hasProcess() {
        return content.fold(new Content.Cases<>(
                war -> war.isolation() == Isolation.PROCESS,
                command -> true,
                upstream -> false,
                files -> false,
                cgi -> false));
    }

    /** The same context with other access, placement and traffic. */
    ContextConfig with(AccessConfig otherAccess, PlacementConfig otherPlacement, TrafficConfig otherTraffic) {
        return new ContextConfig(
                path, source, content, env, lifecycle, hooks, process, otherAccess, otherPlacement, otherTraffic);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContextConfig that
                && path.equals(that.path)
                && content.equals(that.content)
                && env.equals(that.env)
                && lifecycle.equals(that.lifecycle)
                && hooks.equals(that.hooks)
                && process.equals(that.process)
                && access.equals(that.access)
                && placement.equals(that.placement)
                && traffic.equals(that.traffic);
    }

    @Override
    public int hashCode() {
        return Objects.hash(path, content, env, lifecycle, hooks, process, access, placement, traffic);
    }
}
