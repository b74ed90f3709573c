package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything the operator asked for. Immutable; a reload replaces it as a whole.
 *
 * @param listen the addresses that serve
 * @param hosts the names under which it answers
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
 * @param cable live updates of pages
 * @param metrics what Prometheus is told
 * @param tracing where traces of requests go
 */
public record ServerConfig(
        List<ListenConfig> listen,
        HostNames hosts,
        HealthConfig health,
        PagesConfig pages,
        ServerHooks hooks,
        LogConfig log,
        PathMap<ContextConfig> contexts,
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
        DrainConfig drain,
        CableConfig cable,
        MetricsConfig metrics,
        TracingConfig tracing) {

    /** Copies its collections. */
    public ServerConfig {
        listen = List.copyOf(listen);
        olderVersions = Collections.unmodifiableSortedMap(new TreeMap<>(olderVersions));
        routes = List.copyOf(routes);
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    }

    /** All of it but the contexts. */
    ServerConfig withoutContexts() {
        return new ServerConfig(
                listen,
                hosts,
                health,
                pages,
                hooks,
                log,
                PathMap.empty(),
                new TreeMap<>(),
                basePath,
                admin,
                jmx,
                trustedProxies,
                access,
                routes,
                services,
                limits,
                idle,
                fleet,
                hsts,
                drain,
                cable,
                metrics,
                tracing);
    }

    /** The services with those that other keys ask for: Vector comes first, and runs where its configuration lies. */
    public Map<String, ServiceConfig> allServices() {
        if (!log.vector().isStarted()) {
            return services;
        }
        Map<String, ServiceConfig> all = new LinkedHashMap<>();
        all.put(
                VectorConfig.SERVICE,
                new ServiceConfig(
                        Template.literals(
                                log.vector().program(),
                                "--config",
                                log.vector().config().toString()),
                        Objects.requireNonNullElse(log.vector().config().getParent(), Path.of(".")),
                        Map.of(),
                        true,
                        ServiceConfig.Restart.ALWAYS,
                        Duration.ZERO,
                        Duration.ofSeconds(10),
                        SourceLocation.of("log.vector.config")));
        all.putAll(services);
        return all;
    }
}
