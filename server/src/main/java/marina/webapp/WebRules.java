package marina.webapp;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import marina.config.WebConfig;
import org.eclipse.jetty.session.AbstractSessionManager;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * What the operator has said of one WAR, and cannot be said by a descriptor. Used by one thread.
 *
 * @param context the level's WebAppContext
 * @param sessions of the WAR
 */
record WebRules(Object context, Supplier<SessionManager> sessions) {
    /** Jetty looks for annotations, fragments and tag libraries only in jars whose URI matches it. */
    private static final String SCANNED = "org.eclipse.jetty.server.webapp.WebInfIncludeJarPattern";

    private static final int NEVER = -1;

    void apply(WebConfig web) {
        int form = (int) Math.min(Integer.MAX_VALUE, web.maxForm());
        EeClass.call(context, "setMaxFormContentSize", form == 0 ? Integer.MAX_VALUE : form);
        if (!web.jarsToSkip().isEmpty()) {
            EeClass.call(context, "setAttribute", SCANNED, scanned(web.jarsToSkip()));
        }
        // Starts when all descriptors have been read, and before the first listener or servlet does.
        LifeCycle servlets = (LifeCycle) EeClass.get(context, "getServletHandler");
        servlets.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarting(LifeCycle event) {
                applyLate(web);
            }
        });
    }

    private void applyLate(WebConfig web) {
        web.sessionTimeout().ifPresent(timeout -> {
            long seconds = Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toSeconds()));
            if (sessions.get() instanceof AbstractSessionManager manager) {
                manager.setMaxInactiveInterval(timeout.isZero() ? NEVER : (int) seconds);
            }
        });
        if (!web.welcomeFiles().isEmpty()) {
            EeClass.call(context, "setWelcomeFiles", (Object) web.welcomeFiles().toArray(String[]::new));
        }
    }

    /** Matches the URI of every jar but those with such a name. */
    private static String scanned(List<String> names) {
        String skipped = names.stream().map(WebRules::pattern).collect(Collectors.joining("|"));
        return "(?!.*/(?:" + skipped + ")(?:!/)?$).*";
    }

    private static String pattern(String name) {
        return name.replaceAll("[.+]", "\\\\$0").replace("*", "[^/]*").replace("?", "[^/]");
    }
}
