package marina.config;

import java.util.List;

/**
 * Where console, REST and metrics answer, besides the control socket that is always there.
 *
 * @param listen the addresses; none means the control socket only
 */
public record AdminConfig(List<ListenConfig> listen) {
    /** Copies its list. */
    public AdminConfig {
        listen = List.copyOf(listen);
    }
}
