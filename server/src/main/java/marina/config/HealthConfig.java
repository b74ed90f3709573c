package marina.config;

/**
 * The answer to health checks, given by the server itself, before everything else and never counted as activity.
 *
 * @param path exact path, empty when there is no health check
 * @param status response status
 * @param body response body, text/plain
 */
public record HealthConfig(String path, int status, String body) {}
