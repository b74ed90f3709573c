package marina.config;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything the operator asked for. Immutable; a reload replaces it as a whole.
 *
 * @param listen the addresses that serve
 * @param health the health check
 * @param maintenancePage the page shown while a context starts, empty for the built-in one
 * @param hooks the commands around the server's life
 * @param log what is logged
 * @param contexts all contexts by path, those of conf/contexts and webapps included
 */
public record ServerConfig(
        List<ListenConfig> listen,
        HealthConfig health,
        String maintenancePage,
        ServerHooks hooks,
        LogConfig log,
        SortedMap<ContextPath, ContextConfig> contexts) {

    /** Copies its collections. */
    public ServerConfig {
        listen = List.copyOf(listen);
        contexts = Collections.unmodifiableSortedMap(new TreeMap<>(contexts));
    }
}
