package marina.config;

import java.util.Map;

/**
 * One context, with everything that it inherits already filled in.
 *
 * @param path where it is mounted, the server's base_path included
 * @param source where the operator wrote it
 * @param content what answers
 * @param env what the application finds in its environment (process) or in JNDI and init parameters (hosted WAR)
 * @param lifecycle when its backend starts, is ready and stops
 * @param hooks the commands around its backend's life
 */
public record ContextConfig(
        ContextPath path,
        SourceLocation source,
        Content content,
        Map<String, Template> env,
        LifecyclePolicy lifecycle,
        ContextHooks hooks) {

    /** Copies its map. */
    public ContextConfig {
        env = Map.copyOf(env);
    }
}
