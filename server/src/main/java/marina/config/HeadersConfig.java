package marina.config;

import java.util.Map;

/**
 * Fields of HTTP that the operator sets, by name as written. An empty value takes the field out. The values may use the names
 * {@code host}, {@code remote_addr} and {@code scheme}.
 *
 * @param request what backends get
 * @param response what clients get
 */
public record HeadersConfig(Map<String, Template> request, Map<String, Template> response) {
    /** All fields as they are. */
    public static final HeadersConfig NONE = new HeadersConfig(Map.of(), Map.of());

    /** Copies its maps. */
    public HeadersConfig {
        request = Map.copyOf(request);
        response = Map.copyOf(response);
    }

    /** What is left of it where nothing is forwarded. */
    HeadersConfig ofResponse() {
        return new HeadersConfig(Map.of(), response);
    }
}
