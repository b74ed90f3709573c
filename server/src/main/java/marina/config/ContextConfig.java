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
 * @param pages what it shows when no application answers, where it differs from the server's
 * @param backup the copies of its database
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
        TrafficConfig traffic,
        PagesConfig pages,
        BackupConfig backup) {

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
                TrafficConfig.DEFAULT,
                PagesConfig.NONE,
                BackupConfig.NONE);
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

    /** The same context before which requests find something else. */
    ContextConfig with(
            AccessConfig otherAccess,
            PlacementConfig otherPlacement,
            TrafficConfig otherTraffic,
            PagesConfig otherPages) {
        return new ContextConfig(
                path,
                source,
                content,
                env,
                lifecycle,
                hooks,
                process,
                otherAccess,
                otherPlacement,
                otherTraffic,
                otherPages,
                backup);
    }

    /** The same context with another environment. */
    public ContextConfig with(Map<String, Template> otherEnv) {
        return new ContextConfig(
                path, source, content, otherEnv, lifecycle, hooks, process, access, placement, traffic, pages, backup);
    }

    /**
     * The same with another archive; what is no WAR stays as it is.
     *
     * @param place where that is written
     */
    ContextConfig in(WarVersion archive, SourceLocation place) {
        if (!(content instanceof Content.War war)) {
            return this;
        }
        return new ContextConfig(
                path,
                place,
                war.in(archive),
                env,
                lifecycle,
                hooks,
                process,
                access,
                placement,
                traffic,
                pages,
                backup);
    }

    /** The same, written elsewhere. */
    ContextConfig at(SourceLocation place) {
        return new ContextConfig(
                path, place, content, env, lifecycle, hooks, process, access, placement, traffic, pages, backup);
    }

    /** Which of several versions this is; empty where there is but one. */
    public String version() {
        return content instanceof Content.War war ? war.version() : "";
    }

    /** The same application with the rules of another: who may enter, what is answered before it, how long it may take. */
    public ContextConfig withRulesOf(ContextConfig other) {
        return with(other.access, other.placement, other.traffic, other.pages);
    }

    /**
     * Whether the application is the same, so that one that runs can go on, whatever else is asked for: who may enter, what
     * is answered before it, how long it may take.
     */
    public boolean hasApplicationOf(ContextConfig other) {
        return path.equals(other.path)
                && content.equals(other.content)
                && env.equals(other.env)
                && lifecycle.equals(other.lifecycle)
                && hooks.equals(other.hooks)
                && process.equals(other.process)
                && backup.equals(other.backup);
    }

    @Override
    public boolean equals(Object other) {
        return this == other // as most are after a reload
                || (other instanceof ContextConfig that
                        && hasApplicationOf(that)
                        && access.equals(that.access)
                        && placement.equals(that.placement)
                        && traffic.equals(that.traffic)
                        && pages.equals(that.pages));
    }

    @Override
    public int hashCode() {
        return Objects.hash(path, content, env, lifecycle, hooks, process, access, placement, traffic, pages, backup);
    }
}
