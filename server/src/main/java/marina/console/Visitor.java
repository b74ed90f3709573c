package marina.console;

import java.util.Set;

/**
 * Who has shown who he is.
 *
 * @param bySession whether by the cookie of the console, else by name and password
 * @param csrf what changing requests of a session must carry; empty for others
 */
record Visitor(String user, Set<Role> roles, boolean bySession, String csrf) {

    private static final Set<String> STATUS_PATHS =
            Set.of("/status", "/contexts", "/events", "/session", "/openapi.json");

    boolean has(Role role) {
        return roles.contains(Role.MANAGER) || roles.contains(role);
    }

    /** Whether the user may get what changes nothing. */
    boolean maySee(String path) {
        return has(Role.GUI) || has(Role.SCRIPT) || (has(Role.STATUS) && STATUS_PATHS.contains(path));
    }

    /** Whether the user may change something. */
    boolean mayChange() {
        return has(bySession ? Role.GUI : Role.SCRIPT);
    }

    /** Whether the user may ask for what only scripts ask for. */
    boolean mayScript() {
        return has(Role.SCRIPT);
    }
}
