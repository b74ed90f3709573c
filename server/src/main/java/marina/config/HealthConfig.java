package marina.config;

import java.util.Map;

/**
 * The answer to health checks, given by the server itself, before everything else and never counted as activity.
 *
 * @param path exact path, empty when there is no health check
 * @param status response status
 * @param body response body
 * @param headers fields of the answer, over text/plain and no-store; values are complete
 */
public record HealthConfig(String path, int status, String body, Map<String, Template> headers) {
    /** No health check. */
    static final HealthConfig NONE = new HealthConfig("", 200, "OK", Map.of());

    /** Copies its map. */
    public HealthConfig {
        headers = Map.copyOf(headers);
    }
}
