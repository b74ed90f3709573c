package marina.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints the server with all that belongs to it. */
final class ServerDump {
    private final DumpText text;

    ServerDump(DumpText text) {
        this.text = text;
    }

    /** The whole configuration, as the mappings and lists that make the file. */
    Map<String, Object> dump(ServerConfig config) {
        Map<String, Object> server = own(config);
        Map<String, Object> contexts = new LinkedHashMap<>();
        ContextDump contextDump = new ContextDump(text, config);
        config.contexts().forEach((path, context) -> contexts.put(contextDump.path(path), contextDump.dump(context)));
        server.put("contexts", contexts);
        return server;
    }

    /** The same without the contexts, of which there may be thousands. */
    Map<String, Object> own(ServerConfig config) {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("listen", listeners(config.listen()));
        server.put(
                "admin",
                AdminReader.dump(config.admin(), listeners(config.admin().listen()), text));
        server.put("jmx", JmxReader.dump(config.jmx(), text));
        server.put("metrics", TelemetryReader.dump(config.metrics()));
        if (config.tracing().enabled()) {
            server.put("tracing", TelemetryReader.dump(config.tracing()));
        }
        server.put("health", health(config.health()));
        server.put("trusted_proxies", trustedProxies(config.trustedProxies()));
        if (!config.hosts().names().isEmpty()) {
            server.put(
                    "hosts", config.hosts().names().stream().map(DumpText::text).toList());
        }
        server.put("base_path", config.basePath().value());
        new AccessDump(text).put(server, config.access());
        config.pages().put(server, text, true);
        server.put("log", log(config.log()));
        server.put("hooks", serverHooks(config.hooks()));
        server.put("limits", limits(config.limits()));
        server.put("idle", idle(config.idle()));
        server.put("services", services(config.services()));
        server.put(
                "routes",
                config.routes().stream().map(new RouteDump(text)::dump).toList());
        server.put("hsts", hsts(config.hsts()));
        server.put("drain", drain(config.drain()));
        server.put("cable", CableReader.dump(config.cable()));
        server.put("fleet", FleetDump.dump(config.fleet()));
        return server;
    }

    private List<Object> listeners(List<ListenConfig> listeners) {
        return listeners.stream().map(this::listener).toList();
    }

    private Object listener(ListenConfig listener) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (listener.isUnix()) {
            result.put("socket", DumpText.text(listener.socket()));
            result.put("mode", String.format("0%o", listener.mode()));
        } else {
            result.put("host", DumpText.text(listener.host()));
            result.put("port", listener.port());
        }
        if (listener.isTls()) {
            result.put(
                    "tls",
                    listener.tls().certificates().stream()
                            .map(this::certificate)
                            .toList());
        }
        result.put("proxy_protocol", listener.proxyProtocol());
        if (!listener.isTls()) {
            RedirectConfig redirect = listener.redirect();
            result.put("redirect_to_https", redirect.port() == 0 ? redirect.enabled() : redirect.port());
        }
        return result;
    }

    private Object certificate(CertificateConfig certificate) {
        return certificate.fold(this::files, acme -> Map.of("acme", acme(acme)));
    }

    private Object files(CertificateFiles files) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("certificate", text.path(files.certificate()));
        result.put("key", text.path(files.key()));
        return result;
    }

    private static Object acme(AcmeConfig acme) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("domains", acme.domains());
        if (!acme.email().isEmpty()) {
            result.put("email", DumpText.text(acme.email()));
        }
        result.put("directory", DumpText.uri(acme.directory()));
        result.put("renew_before", DurationText.format(acme.renewBefore()));
        result.put("agree_to_terms", true);
        return result;
    }

    private static Object hsts(HstsConfig hsts) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("max_age", DurationText.format(hsts.maxAge()));
        result.put("include_subdomains", hsts.includeSubdomains());
        result.put("preload", hsts.preload());
        return result;
    }

    private static Object drain(DrainConfig drain) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("timeout", DurationText.format(drain.timeout()));
        result.put("notice", DurationText.format(drain.notice()));
        return result;
    }

    private static Object health(HealthConfig health) {
        if (health.path().isEmpty()) {
            return false;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("path", DumpText.text(health.path()));
        result.put("status", health.status());
        result.put("body", DumpText.text(health.body()));
        result.put("headers", DumpText.env(health.headers()));
        return result;
    }

    private static List<String> trustedProxies(TrustedProxies proxies) {
        List<String> result = new ArrayList<>(
                proxies.known().stream().map(Texts::choiceName).sorted().toList());
        proxies.networks().forEach(network -> result.add(network.toString()));
        return result;
    }

    private Object log(LogConfig log) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("format", Texts.choiceName(log.format()));
        result.put("access", DumpText.text(log.access()));
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("name", DumpText.text(log.accessFile().name()));
        file.put("daily", log.accessFile().daily());
        file.put("size", SizeText.format(log.accessFile().size()));
        file.put("keep", log.accessFile().keep());
        file.put("compress", log.accessFile().compress());
        result.put("access_file", file);
        result.put("directory", text.path(log.directory()));
        Map<String, Object> vector = new LinkedHashMap<>();
        if (log.vector().enabled()) {
            vector.put("socket", text.path(log.vector().socket()));
        }
        if (log.vector().isStarted()) {
            vector.put("config", text.path(log.vector().config()));
        }
        vector.put("program", DumpText.text(log.vector().program()));
        vector.put("queue", log.vector().queue());
        result.put("vector", vector);
        return result;
    }

    private Object serverHooks(ServerHooks hooks) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("start", text.hooks(hooks.start()));
        result.put("reload", text.hooks(hooks.reload()));
        result.put("ready", text.hooks(hooks.ready()));
        result.put("suspend", text.hooks(hooks.suspend()));
        result.put("resume", text.hooks(hooks.resume()));
        result.put("stop", text.hooks(hooks.stop()));
        return result;
    }

    private static Object limits(LimitsConfig limits) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("backends", limits.backends());
        result.put("queue_timeout", DurationText.format(limits.queueTimeout()));
        result.put("memory", SizeText.format(limits.memory()));
        TrafficReader.put(result, limits.traffic());
        return result;
    }

    private static Object idle(IdleConfig idle) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("action", Texts.choiceName(idle.action()));
        result.put("timeout", DurationText.format(idle.timeout()));
        result.put("websockets", idle.websocketsHold() ? "hold" : "ignore");
        result.put("patience", DurationText.format(idle.patience()));
        return result;
    }

    private Map<String, Object> services(Map<String, ServiceConfig> services) {
        Map<String, Object> result = new TreeMap<>();
        services.forEach((name, service) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("command", DumpText.templates(service.command()));
            one.put("directory", text.path(service.directory()));
            one.put("env", DumpText.env(service.env()));
            one.put("inherit_env", service.inheritEnv());
            one.put("restart", Texts.choiceName(service.restart()));
            one.put("start_delay", DurationText.format(service.startDelay()));
            one.put("stop_timeout", DurationText.format(service.stopTimeout()));
            result.put(name, one);
        });
        return result;
    }
}
