package marina.webapp;

import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Components;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Attributes;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A request whose connection remembers the WAR only weakly. Jetty keeps with each connection the objects that its last request
 * needed, for the next one; an idle connection would keep all classes of a WAR that has stopped meanwhile. Used by one thread at a
 * time.
 */
final class LooseConnection extends Request.Wrapper {
    private static final String NOTES = "marina.";

    private final Components components;

    LooseConnection(Request request) {
        super(request);
        Components connection = request.getComponents();
        components = new Loose(connection, new WeakCache(connection.getCache()));
    }

    @Override
    public Components getComponents() {
        return components;
    }

    /** Marina's notes on a request are nothing that an application has set. */
    @Override
    public Set<String> getAttributeNameSet() {
        Set<String> names = new HashSet<>(super.getAttributeNameSet());
        names.removeIf(name -> name.startsWith(NOTES));
        return names;
    }

    private record Loose(Components connection, Attributes cache) implements Components {
        @Override
        public ByteBufferPool getByteBufferPool() {
            return connection.getByteBufferPool();
        }

        @Override
        public Scheduler getScheduler() {
            return connection.getScheduler();
        }

        @Override
        @SuppressWarnings("removal") // until Jetty removes it, callers find it
        public ThreadPool getThreadPool() {
            return connection.getThreadPool();
        }

        @Override
        public Executor getExecutor() {
            return connection.getExecutor();
        }

        @Override
        public Attributes getCache() {
            return cache;
        }
    }

    /** In front of the cache of the connection. */
    private record WeakCache(Attributes cache) implements Attributes {
        @Override
        public @Nullable Object getAttribute(String name) {
            return valueOf(cache.getAttribute(name));
        }

        @Override
        public @Nullable Object setAttribute(String name, @Nullable Object value) {
            return valueOf(cache.setAttribute(name, value == null ? null : new WeakReference<>(value)));
        }

        @Override
        public @Nullable Object removeAttribute(String name) {
            return valueOf(cache.removeAttribute(name));
        }

        @Override
        public Set<String> getAttributeNameSet() {
            return new HashSet<>(cache.getAttributeNameSet());
        }

        private static @Nullable Object valueOf(@Nullable Object kept) {
            return kept instanceof WeakReference<?> weak ? weak.get() : kept;
        }
    }
}
