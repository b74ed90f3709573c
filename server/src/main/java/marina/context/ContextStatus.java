package marina.context;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import marina.backend.BackendState;
import marina.backend.BackendStatus;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.Isolation;
import marina.metrics.TrafficStatus;

/**
 * A context as it is at one moment, for JMX, the command line and the welcome page.
 *
 * @param path where it is mounted
 * @param kind war, command, upstream, files or cgi
 * @param version of its WAR, where several can be served beside each other; empty for none
 * @param ownProcess whether a WAR runs in a JVM of its own
 * @param source where the operator wrote it
 * @param databaseUrl without its password; empty where there is none
 * @param lastBackup the latest copy of its database since Marina started; empty for none
 * @param backupFailure why the latest copy could not be made; empty when all is well
 * @param requests answered or in flight since it was mounted
 * @param backend state, reason, process and times; for several instances those of the one that gets the next request,
 *     with the counts of all
 * @param instances each of them, running or not; never empty
 * @param traffic the requests of its path since that was mounted first
 */
public record ContextStatus(
        String path,
        String kind,
        String version,
        boolean ownProcess,
        String source,
        String databaseUrl,
        String lastBackup,
        String backupFailure,
        long requests,
        BackendStatus backend,
        List<BackendStatus> instances,
        TrafficStatus traffic) {
    private static final Set<BackendState> RUNNING = Set.of(BackendState.STARTING, BackendState.READY);

    /** Copies its list. */
    public ContextStatus {
        instances = List.copyOf(instances);
    }

    static ContextStatus of(
            ContextConfig config,
            ContextDatabase database,
            long requests,
            BackendStatus backend,
            List<BackendStatus> instances,
            TrafficStatus traffic) {
        return new ContextStatus(
                config.path().value(),
                config.content().kind(),
                config.version(),
                isolated(config),
                config.source().toString(),
                database.shownUrl(),
                database.lastBackup(),
                database.backupFailure(),
                requests,
                backend,
                instances,
                traffic);
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

    /** How many instances answer. */
    public int readyInstances() {
        return (int) instances.stream()
                .filter(instance -> instance.state() == BackendState.READY)
                .count();
    }

    /** How many instances answer or are on their way to that. */
    public int runningInstances() {
        return (int) instances.stream()
                .filter(instance -> RUNNING.contains(instance.state()))
                .count();
    }

    /** The process ids of those that run in a process. */
    public List<Long> pids() {
        return instances.stream()
                .map(BackendStatus::pid)
                .filter(pid -> pid != 0)
                .toList();
    }

    /** Where those that run in a process answer. */
    public List<String> addresses() {
        return instances.stream()
                .map(BackendStatus::address)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    /** All of it as names and values of JSON types, in a fixed order. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", path);
        map.put("kind", kind);
        map.put("version", version);
        map.put("description", description());
        map.put("state", state());
        map.put("reason", backend.reason());
        map.put("pid", backend.pid());
        map.put("address", backend.address());
        map.put("instances", instances.size());
        map.put("ready_instances", readyInstances());
        map.put("pids", pids().toArray());
        map.put("addresses", addresses().toArray());
        map.put("requests", requests);
        map.put("active_requests", backend.leases());
        map.putAll(traffic.toMap());
        map.put("starts", backend.starts());
        map.put("last_start_ms", backend.lastStart().toMillis());
        map.put("last_activity", backend.lastActivity().toString());
        map.put("database_url", databaseUrl);
        map.put("last_backup", lastBackup);
        map.put("backup_failure", backupFailure);
        map.put("source", source);
        return map;
    }
}
