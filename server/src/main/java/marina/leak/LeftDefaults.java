package marina.leak;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM has one of, and a web application has put its own in the place of: it is taken away again. Security providers
 * are only named, since other applications may have found them. Stateless.
 */
final class LeftDefaults implements Finder {

    @Override
    public List<Left> find(StoppedApp app) {
        List<Left> left = new ArrayList<>();
        add(
                left,
                app,
                "uncaught exception handler",
                Thread.getDefaultUncaughtExceptionHandler(),
                () -> Thread.setDefaultUncaughtExceptionHandler(null));
        add(left, app, "Authenticator", Authenticator.getDefault(), () -> Authenticator.setDefault(null));
        add(left, app, "ProxySelector", ProxySelector.getDefault(), () -> ProxySelector.setDefault(null));
        add(left, app, "CookieHandler", CookieHandler.getDefault(), () -> CookieHandler.setDefault(null));
        add(left, app, "ResponseCache", ResponseCache.getDefault(), () -> ResponseCache.setDefault(null));
        for (Provider provider : Security.getProviders()) {
            if (app.made(provider)) {
                left.add(new Left(
                        "security provider " + provider.getName(),
                        "The web application [" + app.path() + "] registered the security provider ["
                                + provider.getName() + "] but failed to remove it when the web application was stopped."
                                + " This is very likely to create a memory leak. It stays, because other applications may"
                                + " use it.",
                        Left.NO_CURE));
            }
        }
        return left;
    }

    private static void add(List<Left> left, StoppedApp app, String kind, @Nullable Object value, Runnable cure) {
        if (value != null && app.made(value)) {
            String type = value.getClass().getName();
            left.add(new Left(
                    "default " + kind + " " + type,
                    "The web application [" + app.path() + "] made [" + type + "] the default " + kind
                            + " of the JVM but failed to undo that when the web application was stopped. To prevent a"
                            + " memory leak, it has been forcibly removed.",
                    cure));
        }
    }
}
