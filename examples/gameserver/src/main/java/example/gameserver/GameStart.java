package example.gameserver;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import org.jspecify.annotations.Nullable;

/** Reads the settings when the application starts, so that a wrong one is told at once; opens and closes its arena. */
public final class GameStart implements ServletContextListener {
    private static final String SETTINGS = "example.gameserver.settings";
    private static final String ARENA = "example.gameserver.arena";

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        Settings settings = Settings.of(context);
        context.setAttribute(SETTINGS, settings);
        if (settings.regions().isEmpty()) {
            context.setAttribute(ARENA, new Arena(settings, context));
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        Arena arena = arena(event.getServletContext());
        if (arena != null) {
            arena.close();
        }
    }

    static Settings settings(ServletContext context) {
        return (Settings) context.getAttribute(SETTINGS);
    }

    /** Null in a lobby. */
    static @Nullable Arena arena(ServletContext context) {
        return (Arena) context.getAttribute(ARENA);
    }
}
