package marina.export;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import marina.config.ContextConfig;
import marina.config.Hook;
import marina.config.IdleConfig;
import marina.config.ListenConfig;
import marina.config.RouteAction;
import marina.config.RouteConfig;
import marina.config.ServerConfig;
import marina.config.TrustedProxies;

/** What {@code fly.toml} must say so that Fly's proxy and Marina agree: ports, checks, stopping, idling, the volume. Immutable. */
public final class FlyExport {
    /** Fly waits no longer. */
    private static final Duration LONGEST_STOP = Duration.ofMinutes(5);

    /** For Marina itself, after all others have stopped. */
    private static final Duration OWN_STOP = Duration.ofSeconds(2);

    private final StringBuilder text = new StringBuilder();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Makes the text.
     *
     * @param app name of the Fly app; empty leaves it out
     * @param data where the volume is mounted: the folder {@code data} of the instance in the image
     * @throws ExportException when nothing listens that Fly's proxy could reach
     */
    public FlyExport(ServerConfig config, String app, String data) throws ExportException {
        ListenConfig listener = listener(config);
        text.append("# Written by \"marina.sh export fly\": fragments for fly.toml.\n");
        if (!app.isEmpty()) {
            put("", "app", CloudflareExport.toml(app));
        }
        put("", "kill_signal", "\"SIGTERM\"");
        put("", "kill_timeout", Long.toString(stopTime(config)));
        text.append("\n[http_service]\n");
        put("  ", "internal_port", Integer.toString(listener.port()));
        put("  ", "force_https", "true");
        machines(config.idle(), config.routes().stream().anyMatch(FlyExport::isRemembered));
        checks(config);
        text.append("\n[[mounts]]\n");
        put("  ", "source", "\"data\"");
        put("  ", "destination", CloudflareExport.toml(data));
        if (!config.trustedProxies().known().contains(TrustedProxies.Known.FLY)) {
            warnings.add("trusted_proxies does not name fly: applications will take Fly's proxy for the client; write"
                    + " trusted_proxies: [fly]");
        }
    }

    /** The fragments. */
    public String text() {
        return text.toString();
    }

    /** What the operator should know, one a line. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void put(String indent, String key, String value) {
        text.append(indent).append(key).append(" = ").append(value).append('\n');
    }

    private void comment(String indent, String words) {
        text.append(indent).append("# ").append(words).append('\n');
    }

    /** Fly's proxy comes over IPv4 from outside of the machine and speaks HTTP. */
    private static ListenConfig listener(ServerConfig config) throws ExportException {
        return config.listen().stream()
                .filter(one -> !one.isUnix() && !one.isTls() && !one.proxyProtocol())
                .filter(one -> one.port() > 0
                        && !isLoopback(one.host())
                        && !one.redirect().enabled())
                .findFirst()
                .orElseThrow(
                        () -> new ExportException("listen: nothing there that Fly's proxy could reach, which comes from"
                                + " outside of the machine and without TLS; write e.g. listen: 8080"));
    }

    private static boolean isLoopback(String host) {
        if (host.isEmpty()) {
            return false;
        }
        boolean literal = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        try {
            return host.equals("localhost")
                    || (literal && InetAddress.getByName(host).isLoopbackAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isRemembered(RouteConfig route) {
        return route.action() instanceof RouteAction.Replay replay
                && replay.cache().isEnabled();
    }

    private void machines(IdleConfig idle, boolean remembers) {
        if (idle.action() == IdleConfig.Action.NONE) {
            comment("  ", "idle.action is none: machines run on. Fly would not know of work without requests.");
        } else {
            comment(
                    "  ",
                    "Marina idles its machine itself (idle), because it knows of hooks, leases and WebSockets; a request wakes it.");
        }
        put("  ", "auto_stop_machines", "\"off\"");
        put("  ", "auto_start_machines", "true");
        put("  ", "min_machines_running", "0");
        comment(
                "  ",
                "No replay_cache: replays to contexts say how far they have come, and Fly remembers only those that say nothing.");
        if (remembers) {
            comment("  ", "Those of routes with replay_cache tell Fly's proxy in each answer what it may remember.");
        }
    }

    private void checks(ServerConfig config) {
        if (config.health().path().isEmpty()) {
            warnings.add("health is off, so Fly cannot know whether Marina serves; no check is written");
            return;
        }
        if (config.health().status() / 100 != 2) {
            warnings.add("health.status is " + config.health().status() + "; Fly takes only 2xx for healthy");
        }
        text.append("\n  [[http_service.checks]]\n");
        put("    ", "method", "\"GET\"");
        put("    ", "path", CloudflareExport.toml(config.health().path()));
        put("    ", "interval", "\"15s\"");
        put("    ", "timeout", "\"5s\"");
        put("    ", "grace_period", "\"30s\"");
    }

    /** Notice, requests in flight, applications with their hooks at once, the server's hooks. */
    private long stopTime(ServerConfig config) {
        Duration applications = config.contexts().values().stream()
                .map(FlyExport::stopTime)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Duration all = config.drain()
                .notice()
                .plus(config.drain().timeout())
                .plus(applications)
                .plus(sum(config.hooks().stop()))
                .plus(OWN_STOP);
        if (all.compareTo(LONGEST_STOP) > 0) {
            warnings.add(
                    "a stop may take " + all.toSeconds() + " s by drain, stop_timeout and the timeouts of stop hooks;"
                            + " Fly kills machines after " + LONGEST_STOP.toSeconds() + " s at the latest");
            return LONGEST_STOP.toSeconds();
        }
        return all.plusMillis(999).toSeconds();
    }

    private static Duration stopTime(ContextConfig context) {
        boolean runs = Stream.of("war", "command").anyMatch(context.content().kind()::equals);
        return runs ? context.lifecycle().stopTimeout().plus(sum(context.hooks().stop())) : Duration.ZERO;
    }

    private static Duration sum(Collection<Hook> hooks) {
        return hooks.stream().map(Hook::timeout).reduce(Duration.ZERO, Duration::plus);
    }
}
