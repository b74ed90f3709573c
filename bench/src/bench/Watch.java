package bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Looks at what a JVM holds, over JMX. */
final class Watch implements AutoCloseable {
    private static final double MEGABYTE = 1 << 20;

    /**
     * What a JVM holds at a moment when nobody wants anything of it.
     *
     * @param heap megabytes that are reachable: after a collection
     * @param direct megabytes of direct buffers
     * @param rss megabytes in memory
     */
    record Look(double heap, double direct, double rss, double descriptors, double threads) {
        String row() {
            return String.format(Locale.ROOT, "%.1f | %.1f | %.0f | %.0f | %.0f", heap, direct, rss, descriptors, threads);
        }
    }

    /** A figure, and by how much it may differ between the middle and the end of the time: as a part, and in its unit. */
    record Figure(String name, ToDoubleFunction<Look> value, double part, double units) {
        static final List<Figure> ALL = List.of(
                new Figure("heap after GC", Look::heap, 0.10, 3),
                new Figure("direct memory", Look::direct, 0.10, 3),
                new Figure("RSS", Look::rss, 0.10, 20),
                new Figure("descriptors", Look::descriptors, 0.05, 8),
                new Figure("threads", Look::threads, 0.25, 16)); // a pool lets one go each minute
    }

    private final Child child;
    private final JMXConnector connector;
    private final MBeanServerConnection server;

    private Watch(Child child, JMXConnector connector) throws IOException {
        this.child = child;
        this.connector = connector;
        this.server = connector.getMBeanServerConnection();
    }

    static Watch of(Child child) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(child.pid()));
            try {
                return new Watch(child, JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException(e);
        }
    }

    Look look() throws IOException {
        try {
            ObjectName memory = new ObjectName("java.lang:type=Memory");
            for (int i = 0; i < 3; i++) { // references are cleared by the first
                server.invoke(memory, "gc", new Object[0], new String[0]);
            }
            long heap = (Long) ((CompositeData) server.getAttribute(memory, "HeapMemoryUsage")).get("used");
            long direct = (Long) server.getAttribute(new ObjectName("java.nio:type=BufferPool,name=direct"), "MemoryUsed");
            long descriptors = (Long) server.getAttribute(new ObjectName("java.lang:type=OperatingSystem"), "OpenFileDescriptorCount");
            int threads = (Integer) server.getAttribute(new ObjectName("java.lang:type=Threading"), "ThreadCount");
            return new Look(heap / MEGABYTE, direct / MEGABYTE, child.rss() / MEGABYTE, descriptors, threads);
        } catch (JMException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
