package marina.simulator.api;

import java.util.Map;

/** An answer of the API: a status and what becomes JSON. */
record Reply(int status, Object body) {

    static final Reply OK = new Reply(200, Map.of("ok", true));

    static Reply error(int status, String message) {
        return new Reply(status, Map.of("error", message));
    }
}
