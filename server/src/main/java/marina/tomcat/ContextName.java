package marina.tomcat;

import java.util.Optional;
import marina.config.ContextPath;
import marina.context.MountedContext;
import marina.rest.Call;
import marina.server.MarinaServer;

/**
 * The context that a command means.
 *
 * @param path of it
 * @param version of its WAR; empty for none
 */
record ContextName(ContextPath path, String version) {

    /** The one that the parameters of a command name; empty, with the command answered, when they name none. */
    static Optional<ContextName> of(Call call) {
        String path = call.optional("path");
        boolean absent = path.isEmpty() && !hasPath(call);
        String version = call.optional("version");
        try {
            if (!absent && version.matches("[A-Za-z0-9._-]*")) {
                return Optional.of(new ContextName(ContextPath.parse(path.isEmpty() ? "/" : path), version));
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        String shown = absent ? "null" : path.replaceAll("[<>&\\p{Cntrl}]", "_");
        Lines.answer(call, "FAIL - Invalid context path [" + shown + "] was specified");
        return Optional.empty();
    }

    /** {@code path=} is the root; no path at all is a mistake. */
    private static boolean hasPath(Call call) {
        String query = call.request().getHttpURI().getQuery();
        return query != null && ("&" + query + "&").matches(".*&path=?&.*");
    }

    /** The context, if it is mounted. */
    Optional<MountedContext> find(MarinaServer server) {
        return server.host().context(mounted());
    }

    /** What Marina calls it. */
    ContextPath mounted() {
        return version.isEmpty() ? path : new ContextPath(path + "##" + version);
    }

    /** As Tomcat shows it: {@code /}, {@code /shop}, {@code /shop##2}. */
    @Override
    public String toString() {
        return version.isEmpty() ? path.value() : path + "##" + version;
    }
}
