package marina.testing;

import java.util.Map;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import javax.rmi.ssl.SslRMIClientSocketFactory;

/** A JMX client as a program of its own, whose trust store is that of its JVM: prints the version of the server at a port. */
public final class JmxClientProgram {
    private JmxClientProgram() {}

    /** @param arguments the port */
    @SuppressWarnings("BanJNDI") // that is how JMX finds its connector
    public static void main(String[] arguments) throws Exception {
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + arguments[0] + "/jmxrmi");
        Map<String, ?> environment = Map.of("com.sun.jndi.rmi.factory.socket", new SslRMIClientSocketFactory());
        try (JMXConnector client = JMXConnectorFactory.connect(url, environment)) {
            System.out.println("version "
                    + client.getMBeanServerConnection().getAttribute(new ObjectName("marina:type=Server"), "Version"));
        }
    }
}
