package marina.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Prints one context, with the keys that its kind knows. */
final class ContextDump {
    private final DumpText text;
    private final ServerConfig server;

    ContextDump(DumpText text, ServerConfig server) {
        this.text = text;
        this.server = server;
    }

    /** The path as it would be written below the base path. */
    String path(ContextPath path) {
        ContextPath base = server.basePath();
        if (base.isRoot()) {
            return path.value();
        }
        return path.equals(base) ? "/" : path.value().substring(base.value().length());
    }

    Map<String, Object> dump(ContextConfig context) {
        Map<String, Object> result = new LinkedHashMap<>();
        context.content()
                .fold(new Content.Cases<Object>(
                        war -> putWar(result, war, context),
                        command -> putCommand(result, command, context),
                        upstream -> result.put("upstream", UpstreamDump.of(upstream)),
                        files -> result.put("files", files(files.site())),
                        cgi -> putCgi(result, cgi, context)));
        if (!context.access().equals(inherited(server.access()))) {
            new AccessDump(text).put(result, context.access());
        }
        if (!context.traffic().equals(ofServer())) {
            boolean forwards = result.keySet().stream().anyMatch(Set.of("war", "command", "upstream")::contains);
            TrafficReader.put(result, context.traffic(), forwards);
        }
        context.pages().put(result, text, false);
        FleetDump.putPlacement(result, context.placement());
        return result;
    }

    private TrafficConfig ofServer() {
        return new TrafficConfig(server.limits().traffic().maxBody(), 0, 0, TrafficConfig.Timeouts.DEFAULT);
    }

    /** What a context has that says nothing of its own. */
    private static AccessConfig inherited(AccessConfig access) {
        DeliveryConfig delivery = new DeliveryConfig(
                access.delivery().compression(), access.delivery().sendfile(), HeadersConfig.NONE);
        return new AccessConfig(access.auth(), PublicConfig.NONE, access.bots(), delivery);
    }

    private Object putWar(Map<String, Object> result, Content.War war, ContextConfig context) {
        String archive = text.archive(war.archive());
        result.put("war", war.version().isEmpty() ? archive : WarVersion.pattern(WarVersion.nameOf(archive)));
        result.put("isolation", Texts.choiceName(war.isolation()));
        result.put(
                "ee", war.level() == EeLevel.AUTO ? "auto" : war.level().name().substring("EE".length()));
        Map<String, Object> database = new LinkedHashMap<>();
        database.put("url", DumpText.text(war.database().url()));
        database.put("pool_size", war.database().poolSize());
        database.put("jndi", DumpText.text(war.database().jndi()));
        result.put("database", database);
        result.put("sessions", Texts.choiceName(war.sessions()));
        WebReader.put(result, war.web());
        if (war.sharedClasses()) {
            result.put("shared_classes", true);
        }
        return putRunning(result, context);
    }

    private Object putCommand(Map<String, Object> result, Content.Command command, ContextConfig context) {
        result.put("command", DumpText.templates(command.command()));
        result.put("directory", text.path(command.directory()));
        result.put("strip_path", command.stripPath());
        return putRunning(result, context);
    }

    private Object putCgi(Map<String, Object> result, Content.Cgi cgi, ContextConfig context) {
        result.put("cgi", text.cgi(cgi));
        return result.put("env", DumpText.env(context.env()));
    }

    private Object files(PublicConfig site) {
        Path folder = site.directory();
        return site.equals(PublicConfig.site(folder)) ? text.path(folder) : new AccessDump(text).files(site);
    }

    private Object putRunning(Map<String, Object> result, ContextConfig context) {
        result.put("env", DumpText.env(context.env()));
        result.put("backup", context.backup().dump(text));
        LifecyclePolicy lifecycle = context.lifecycle();
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("path", DumpText.text(lifecycle.readyPath()));
        if (lifecycle.readyStatus() != 0) {
            boolean any = lifecycle.readyStatus() == LifecyclePolicy.ANY_STATUS;
            ready.put("status", any ? ContextReader.ANY : lifecycle.readyStatus());
        }
        ready.put("timeout", DurationText.format(lifecycle.readyTimeout()));
        result.put("ready", ready);
        result.put("page_after", DurationText.format(lifecycle.pageAfter()));
        result.put("idle_timeout", DurationText.format(lifecycle.idleTimeout()));
        result.put("websockets", lifecycle.websocketsHold() ? "hold" : "ignore");
        result.put("stop_timeout", DurationText.format(lifecycle.stopTimeout()));
        if (!isHosted(context)) {
            result.put("instances", lifecycle.instances());
        }
        result.put("min_instances", lifecycle.minInstances());
        result.put("rolling_restart", lifecycle.rollingRestart());
        if (context.hasProcess()) {
            putProcess(result, context.process());
        }
        Map<String, Object> hooks = new LinkedHashMap<>();
        if (!context.hooks().migrate().isEmpty()) {
            hooks.put("migrate", text.hooks(context.hooks().migrate()));
        }
        hooks.put("start", text.hooks(context.hooks().start()));
        hooks.put("ready", text.hooks(context.hooks().ready()));
        hooks.put("stop", text.hooks(context.hooks().stop()));
        return result.put("hooks", hooks);
    }

    private static boolean isHosted(ContextConfig context) {
        return context.content() instanceof Content.War war && war.isolation() != Isolation.PROCESS;
    }

    private static void putProcess(Map<String, Object> result, ProcessConfig process) {
        result.put("socket", process.socket());
        result.put("memory_limit", SizeText.format(process.memoryLimit()));
        result.put("user", DumpText.text(process.user()));
        result.put("group", DumpText.text(process.group()));
        result.put("inherit_env", process.inheritEnv());
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("open_files", process.openFiles());
        limits.put("processes", process.processes());
        result.put("limits", limits);
    }
}
