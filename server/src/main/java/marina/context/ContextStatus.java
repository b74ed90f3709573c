package marina.context;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import marina.backend.BackendStatus;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.Isolation;

/**
 * A context as it is at one moment, for JMX, the command line and the welcome page.
 *
 * @param path where it is mounted
 * @param kind war, command, upstream, files or cgi
 * @param ownProcess whether a WAR runs in a JVM of its own
 * @param source where the operator wrote it
 * @param databaseUrl without its password; empty where there is none
 * @param requests answered or in flight since it was mounted
 * @param backend state, reason, process and times
 */
public record ContextStatus(
        String path,
        String kind,
        boolean ownProcess,
        String source,
        String databaseUrl,
        long requests,
        BackendStatus backend) {

    static ContextStatus of(ContextConfig config, String databaseUrl, long requests, BackendStatus backend) {
        return new ContextStatus(
                config.path().value(),
                config.content().kind(),
                isolated(config),
                config.source().toString(),
                databaseUrl,
                requests,
                backend);
    }

    private static boolean isolated(ContextConfig config) {
        return config.content()
                .fold(new Content.Cases<>(
                        war -> war.isolation() == Isolation.PROCESS,
                        command -> false,
                        upstream -> false,
                        files -> false,
                        cgi -> false));
    }

    /** The kind in words: {@code war}, {@code war (own process)}, {@code command}. */
    public String description() {
        return ownProcess ? kind + " (own process)" : kind;
    }

    /** The state in lower case, as the operator reads it. */
    public String state() {
        return backend.state().name().toLowerCase(Locale.ROOT);
    }

    /** All of it as names and values of JSON types, in a fixed order. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", path);
        map.put("kind", kind);
        map.put("description", description());
        map.put("state", state());
        map.put("reason", backend.reason());
        map.put("pid", backend.pid());
        map.put("address", backend.address());
        map.put("requests", requests);
        map.put("active_requests", backend.leases());
        map.put("starts", backend.starts());
        map.put("last_start_ms", backend.lastStart().toMillis());
        map.put("last_activity", backend.lastActivity().toString());
        map.put("database_url", databaseUrl);
        map.put("source", source);
        return map;
    }
}
