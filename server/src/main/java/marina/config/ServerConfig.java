package marina.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything the operator asked for. Immutable; a reload replaces it as a whole.
 *
 * @param listen the addresses that serve
 * @param health the health check
 * @param pages what visitors see when no application answers, where a context says nothing else
 * @param hooks the commands around the server's life
 * @param log what is logged
 * @param contexts all contexts by path, those of conf/contexts and webapps included
 * @param olderVersions of contexts whose WAR lies in webapps in several versions those that are not the highest, the higher
 *     ones first; they serve the sessions that they have
 * @param basePath the prefix that every context path begins with, included in the paths here
 * @param admin where console, REST and metrics answer
 * @param jmx remote JMX
 * @param trustedProxies whose forwarding headers are believed
 * @param access who gets what, where a context says nothing else
 * @param routes tried in order before the contexts
 * @param services helper processes by name, in the order of writing
 * @param limits what all backends together may use
 * @param idle what an idle machine does
 * @param fleet the machines that run the same configuration
 * @param hsts what answers over TLS tell browsers
 * @param drain how the server takes leave of its clients
 */
public record ServerConfig(
        List<ListenConfig> listen,
        HealthConfig health,
        PagesConfig pages,
        ServerHooks hooks,
        LogConfig log,
        SortedMap<ContextPath, ContextConfig> contexts,
        SortedMap<ContextPath, List<ContextConfig>> olderVersions,
        ContextPath basePath,
        AdminConfig admin,
        JmxConfig jmx,
        TrustedProxies trustedProxies,
        AccessConfig access,
        List<RouteConfig> routes,
        Map<String, ServiceConfig> services,
        LimitsConfig limits,
        IdleConfig idle,
        FleetConfig fleet,
        HstsConfig hsts,
        DrainConfig drain) {

    /** Copies its collections. */
    public ServerConfig {
        listen = List.copyOf(listen);
        contexts = Collections.unmodifiableSortedMap(new TreeMap<>(contexts));
        olderVersions = Collections.unmodifiableSortedMap(new TreeMap<>(olderVersions));
        routes = List.copyOf(routes);
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    }
}
