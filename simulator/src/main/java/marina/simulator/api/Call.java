package marina.simulator.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of the API.
 *
 * @param action what stands behind the machine's id, with its key: {@code suspend}, {@code metadata/tenant}, or nothing
 * @param query the parameters of the query
 * @param body the JSON of the body; empty when there is none
 */
record Call(
        String method, String app, @Nullable String machine, String action, Map<String, String> query, Map<?, ?> body) {

    /** The name under which a fault is set. */
    String faultName() {
        int slash = action.indexOf('/');
        return action.isEmpty() ? "get" : slash < 0 ? action : action.substring(0, slash);
    }
}
