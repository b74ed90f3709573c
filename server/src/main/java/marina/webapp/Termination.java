package marina.webapp;

import java.lang.reflect.Proxy;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process in order when it is told to. A shutdown hook could stop the server too, but then the JVM exits with
 * 143, which cannot be told from an end that was not clean.
 */
final class Termination {
    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

    private Termination() {}

    /** Makes SIGTERM and SIGINT stop the server; whoever joins it then goes on. */
    static void stop(Server server) {
        try {
            // By reflection, because javac warns of this package and there is no other way to signals.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object stop = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.invoke(Termination.class, arguments);
                        }
                        server.stop();
                        return null;
                    });
            for (String name : List.of("TERM", "INT")) {
                Object number = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, number, stop);
            }
        } catch (ReflectiveOperationException e) {
            LOG.debug("No signals here, stopping by a shutdown hook", e);
            server.setStopAtShutdown(true);
        }
    }
}
