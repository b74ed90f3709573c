package marina.leak;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JDBC drivers in the JVM's table, which would keep their classes for ever; they are taken out. Stateless. */
final class LeftDrivers implements Finder {
    private static final Logger LOG = LoggerFactory.getLogger(LeftDrivers.class);

    @Override
    public List<Left> find(StoppedApp app) {
        List<Left> left = new ArrayList<>();
        for (String driver : drivers(app, "")) {
            left.add(new Left(
                    "JDBC driver " + driver,
                    "The web application [" + app.path() + "] registered the JDBC driver [" + driver
                            + "] but failed to unregister it when the web application was stopped. To prevent a memory"
                            + " leak, the JDBC Driver has been forcibly unregistered.",
                    () -> drivers(app, driver)));
        }
        return left;
    }

    /**
     * Names those that the application has registered.
     *
     * @param remove the name of one to be taken out
     */
    private static List<String> drivers(StoppedApp app, String remove) {
        List<String> names = new ArrayList<>();
        try (InputStream code = LeftDrivers.class.getResourceAsStream("LeftDrivers$Inside.class")) {
            if (code == null) {
                throw new IOException("no code");
            }
            Class<?> inside = new Defining(app.loader()).define(code.readAllBytes());
            Object task = inside.getDeclaredConstructor().newInstance();
            if (task instanceof Function<?, ?>) {
                @SuppressWarnings("unchecked") // what Inside is
                Function<String, Collection<String>> function = (Function<String, Collection<String>>) task;
                names.addAll(function.apply(remove));
            }
        } catch (IOException | ReflectiveOperationException | LinkageError | RuntimeException e) {
            LOG.warn("The JDBC drivers of the web application [{}] cannot be removed: {}", app.path(), e.toString());
        }
        return names;
    }

    /** Sees what the web application sees: DriverManager shows and removes a driver only to those who see its class. */
    private static final class Defining extends ClassLoader {
        Defining(ClassLoader webApp) {
            super("marina-driver-cleanup", webApp);
        }

        Class<?> define(byte[] code) {
            return defineClass(null, code, 0, code.length);
        }
    }

    /** Defined anew as a child of each web application; uses nothing but the JDK. */
    public static final class Inside implements Function<String, Collection<String>> {
        /** Called by reflection. */
        public Inside() {}

        @Override
        public Collection<String> apply(String remove) {
            ClassLoader webApp = Inside.class.getClassLoader().getParent();
            Collection<String> names = new ArrayList<>();
            for (Driver driver : Collections.list(DriverManager.getDrivers())) {
                if (driver.getClass().getClassLoader() == webApp) {
                    String name = driver.getClass().getName();
                    names.add(name);
                    if (name.equals(remove)) {
                        remove(driver);
                    }
                }
            }
            return names;
        }

        private static void remove(Driver driver) {
            try {
                DriverManager.deregisterDriver(driver);
            } catch (SQLException e) {
                throw new IllegalStateException(driver.getClass().getName(), e);
            }
        }
    }
}
