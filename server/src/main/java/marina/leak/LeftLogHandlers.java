package marina.leak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Handlers and filters of the application at loggers of java.util.logging, which all of the JVM shares. Stateless. */
final class LeftLogHandlers implements Finder {

    @Override
    public List<Left> find(StoppedApp app) {
        List<Left> left = new ArrayList<>();
        LogManager manager = LogManager.getLogManager();
        for (String name : Collections.list(manager.getLoggerNames())) {
            Logger logger = manager.getLogger(name);
            // A logger that belongs to the application goes with it, unless one of its children is in use elsewhere.
            if (logger != null) {
                find(logger, app, left);
            }
        }
        return left;
    }

    private static void find(Logger logger, StoppedApp app, List<Left> left) {
        for (Handler handler : logger.getHandlers()) {
            if (app.made(handler) || app.made(handler.getFormatter()) || app.made(handler.getFilter())) {
                left.add(left("log handler", handler, logger, app, () -> logger.removeHandler(handler)));
            }
        }
        Object filter = logger.getFilter();
        if (filter != null && app.made(filter)) {
            left.add(left("log filter", filter, logger, app, () -> logger.setFilter(null)));
        }
    }

    private static Left left(String kind, Object what, Logger logger, StoppedApp app, Runnable cure) {
        String type = what.getClass().getName();
        return new Left(
                kind + " " + type,
                "The web application [" + app.path() + "] added the " + kind + " [" + type + "] to the logger ["
                        + logger.getName() + "] of java.util.logging but failed to remove it when the web application"
                        + " was stopped. To prevent a memory leak, it has been forcibly removed.",
                cure);
    }
}
