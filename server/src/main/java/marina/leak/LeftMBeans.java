package marina.leak;

import java.util.ArrayList;
import java.util.List;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MBeans of the application's classes; they are unregistered. Stateless. */
final class LeftMBeans implements Finder {
    private static final Logger LOG = LoggerFactory.getLogger(LeftMBeans.class);

    @Override
    public List<Left> find(StoppedApp app) {
        List<Left> left = new ArrayList<>();
        for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
            for (ObjectName name : server.queryNames(null, null)) {
                if (belongs(server, name, app)) {
                    left.add(new Left(
                            "MBean " + name,
                            "The web application [" + app.path() + "] registered the MBean [" + name
                                    + "] but failed to unregister it when the web application was stopped. To prevent a"
                                    + " memory leak, it has been forcibly unregistered.",
                            () -> unregister(server, name)));
                }
            }
        }
        return left;
    }

    private static boolean belongs(MBeanServer server, ObjectName name, StoppedApp app) {
        try {
            return app.owns(server.getClassLoaderFor(name));
        } catch (InstanceNotFoundException e) {
            return false; // gone meanwhile
        }
    }

    private static void unregister(MBeanServer server, ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            LOG.warn("The MBean {} cannot be unregistered: {}", name, e.toString());
        }
    }
}
