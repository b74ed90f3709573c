package marina.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Prints one of the {@code routes}. */
final class RouteDump {
    private final DumpText text;

    RouteDump(DumpText text) {
        this.text = text;
    }

    Map<String, Object> dump(RouteConfig route) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("match", DumpText.text(route.match().toString()));
        result.put("methods", DumpText.sorted(route.methods()));
        route.action()
                .fold(new RouteAction.Cases<Object>(
                        redirect -> {
                            result.put("status", redirect.status());
                            return result.put("redirect", DumpText.template(redirect.location()));
                        },
                        rewrite -> result.put("rewrite", DumpText.template(rewrite.path())),
                        upstream -> {
                            HeadersConfig headers = upstream.headers();
                            result.put("request_headers", DumpText.env(headers.request()));
                            result.put("response_headers", DumpText.env(headers.response()));
                            result.put("timeouts", TrafficReader.dump(upstream.timeouts()));
                            if (upstream.preflight()) {
                                result.put("preflight", true);
                            }
                            return result.put("upstream", DumpText.template(upstream.url()));
                        },
                        replay -> result.put("replay", replay(replay)),
                        script -> result.put("cgi", text.cgi(script.cgi()))));
        return result;
    }

    private static Map<String, Object> replay(RouteAction.Replay replay) {
        Map<String, Object> result = new TreeMap<>();
        FleetDump.putText(result, "app", replay.app());
        FleetDump.putText(result, "region", replay.region());
        FleetDump.putText(result, "machine", replay.machine());
        if (!replay.timeout().isZero()) {
            result.put("timeout", DurationText.format(replay.timeout()));
        }
        if (replay.cache().isEnabled()) {
            Map<String, Object> cache = new TreeMap<>();
            cache.put("prefix", replay.cache().prefix());
            cache.put("ttl", DurationText.format(replay.cache().ttl()));
            cache.put("allow_bypass", replay.cache().bypass());
            result.put("replay_cache", cache);
        }
        return result;
    }
}
