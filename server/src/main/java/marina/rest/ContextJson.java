package marina.rest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import marina.config.ContextPath;
import marina.config.PlacementConfig;
import marina.context.ContextStatus;
import marina.context.MountedContext;
import marina.server.MarinaServer;

/** Contexts as JSON. Thread-safe. */
final class ContextJson {
    private final MarinaServer server;
    private final ProcessReadings processes = new ProcessReadings();

    ContextJson(MarinaServer server) {
        this.server = server;
    }

    /** What a context is called: its path; an older version of a WAR that of its version, {@code /shop##1}. */
    static String name(MarinaServer server, MountedContext context) {
        boolean mounted = server.host()
                .context(context.path())
                .filter(current -> current == context)
                .isPresent();
        return mounted ? context.path().value() : context.versionName();
    }

    /** All of them by path, each with its older versions behind it. */
    List<MountedContext> all() {
        Map<ContextPath, List<MountedContext>> older = new HashMap<>();
        Collection<MountedContext> versions = server.host().olderVersions();
        versions.forEach(version ->
                older.computeIfAbsent(version.path(), path -> new ArrayList<>()).add(version));
        List<MountedContext> all = new ArrayList<>();
        for (MountedContext context : server.host().contexts()) {
            all.add(context);
            all.addAll(older.getOrDefault(context.path(), List.of()));
        }
        return all;
    }

    /** One of them. Counting its sessions may ask the disk. */
    Map<String, Object> row(MountedContext context) {
        ContextStatus status = context.status();
        String name = name(server, context);
        boolean isWar = status.kind().equals("war");
        Map<String, Object> row = status.toMap();
        row.put("name", name);
        row.put("url", server.url(context));
        row.put("in_flight", status.backend().leases());
        row.put("leases", status.backend().leases());
        row.put("memory", processes.memory(status.pids()));
        row.put("started_at", processes.startedAt(status.pids()));
        row.put("sessions", isWar ? context.countSessions() : -1);
        row.put("place", place(context.config().placement()));
        return row;
    }

    /** The one that a query names. */
    MountedContext named(Call call) throws BadCall {
        String path = call.required("path");
        return find(server, path).orElseThrow(() -> new BadCall(404, "no context is mounted at \"" + path + "\""));
    }

    /** The context at a path, with or without a slash at its end. */
    static Optional<MountedContext> find(MarinaServer server, String path) {
        if (!path.startsWith("/") || path.contains("//")) {
            return Optional.empty();
        }
        String bare = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return server.host().context(new ContextPath(bare));
    }

    /** Whether a context is among those that a search asks for: by a part of its path, and by its state. */
    static boolean matches(MountedContext context, String search, String state) {
        boolean found = search.isEmpty()
                || context.versionName().toLowerCase(Locale.ROOT).contains(search.toLowerCase(Locale.ROOT));
        return found
                && (state.isEmpty() || state.equalsIgnoreCase(context.status().state()));
    }

    /** Where it lives, in words; empty for everywhere. */
    static String place(PlacementConfig placement) {
        List<String> parts = new ArrayList<>();
        if (!placement.flyApp().isEmpty()) {
            parts.add("app " + placement.flyApp());
        }
        if (!placement.machine().isEmpty()) {
            parts.add("machine " + placement.machine());
        }
        parts.addAll(placement.regions());
        return String.join(", ", parts);
    }
}
