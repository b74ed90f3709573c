package marina.webapp;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the JDBC drivers of a stopped web application out of the JVM's table, which would keep its classes for ever. */
final class DriverCleanup {
    private static final Logger LOG = LoggerFactory.getLogger(DriverCleanup.class);

    private DriverCleanup() {}

    /** Removes the drivers that this loader has loaded. */
    static void run(ClassLoader webApp) {
        try (InputStream code = DriverCleanup.class.getResourceAsStream("DriverCleanup$Inside.class")) {
            if (code == null) {
                throw new IOException("no code");
            }
            Class<?> inside = new Defining(webApp).define(code.readAllBytes());
            Object task = inside.getDeclaredConstructor().newInstance();
            if (task instanceof Runnable runnable) {
                runnable.run();
            }
        } catch (IOException | InvocationTargetException e) {
            LOG.warn("Cannot remove the JDBC drivers of {}: {}", webApp, e.toString());
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn("Cannot remove the JDBC drivers of {}", webApp, e);
        }
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
    public static final class Inside implements Runnable {
        /** Called by reflection. */
        public Inside() {}

        @Override
        public void run() {
            ClassLoader webApp = Inside.class.getClassLoader().getParent();
            for (Driver driver : Collections.list(DriverManager.getDrivers())) {
                if (driver.getClass().getClassLoader() == webApp) {
                    try {
                        DriverManager.deregisterDriver(driver);
                    } catch (SQLException e) {
                        throw new IllegalStateException(driver.getClass().getName(), e);
                    }
                }
            }
        }
    }
}
