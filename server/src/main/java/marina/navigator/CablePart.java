package marina.navigator;

import java.util.Optional;
import marina.config.Value;

/** {@code cable} and {@code logging.vector}: the one place that knows how both are written in Marina's own form. */
final class CablePart {
    private static final String DEFAULT_PATH = "/cable";
    private static final String DEFAULT_BROADCAST = "/_broadcast";

    private final Names names;
    private final Places places;

    CablePart(Names names, Places places) {
        this.names = names;
        this.places = places;
    }

    /** Puts {@code cable}: one for all tenants, as there; who posts is known by coming from this machine. */
    void cable(Written file, Tree tree) {
        Written cable = file.section("cable");
        boolean enabled = cable.flag("enabled", true);
        Optional<Value.Scalar> path = cable.text("path");
        Optional<Value.Scalar> broadcast = cable.text("broadcast_path");
        cable.finish();
        if (!enabled) {
            return;
        }
        Tree result = new Tree(cable.mapping());
        put(result, "path", path, DEFAULT_PATH);
        put(result, "broadcast_path", broadcast, DEFAULT_BROADCAST);
        tree.put("cable", result.put("shared", "true").put("require_token", "false"));
    }

    private static void put(Tree tree, String key, Optional<Value.Scalar> written, String absent) {
        written.ifPresentOrElse(text -> tree.put(key, Names.literal(text.text()), text), () -> tree.put(key, absent));
    }

    /** Puts {@code log.vector}. */
    void vector(Written vector, Tree log) {
        boolean enabled = vector.flag("enabled", false);
        Optional<Value.Scalar> socket = vector.text("socket");
        Optional<Value.Scalar> config = vector.text("config");
        vector.finish();
        if (!enabled) {
            return;
        }
        Tree result = new Tree(vector.mapping());
        socket.ifPresent(text -> result.put("socket", places.path(names.ofServer(text)), text));
        config.ifPresent(text -> result.put("config", places.path(names.ofServer(text)), text));
        log.put("vector", result);
    }
}
