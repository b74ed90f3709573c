package marina.config;

import java.util.Optional;

/**
 * What Prometheus is told.
 *
 * @param listen an address of its own, plain HTTP without logins; empty for the control socket and the admin listener only
 * @param contexts how many contexts have rows of their own; 0 for none
 */
public record MetricsConfig(Optional<ListenConfig> listen, int contexts) {}
