package marina.proxy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * What a server is asked to find out how it is.
 *
 * @param server scheme, host and port; its path is ignored
 * @param method of a request without a body
 * @param path with a query or without
 * @param fields of the request; without Host that of the server is sent
 * @param timeout for the whole of it
 * @param redirects how many are followed; one more is the answer
 * @param mostBody how many bytes of the body are wanted; 0 for none
 */
public record Question(
        URI server,
        String method,
        String path,
        Map<String, String> fields,
        Duration timeout,
        int redirects,
        int mostBody) {
    /** Copies its map. */
    public Question {
        fields = Map.copyOf(fields);
    }

    /**
     * What it said.
     *
     * @param status of the answer
     * @param body its beginning, read as UTF-8
     */
    public record Reply(int status, String body) {}
}
