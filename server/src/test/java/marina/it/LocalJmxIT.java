package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import java.nio.file.Path;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jconsole and its like see when they attach to the process. */
class LocalJmxIT {
    @TempDir
    private Path base;

    @Test
    @SuppressWarnings("BanJNDI") // the address is of this machine
    void aToolThatAttachesSeesTheServerAndItsContexts() throws Exception {
        try (HomeUnderTest home = HomeUnderTest.at(base, "contexts: { /docs: { files: site } }\n")) {
            home.write("site/index.html", "hello");
            home.start();
            home.browser().get("/docs/");
            VirtualMachine machine = VirtualMachine.attach(Long.toString(home.pid()));
            String address = machine.startLocalManagementAgent();
            machine.detach();
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
                MBeanServerConnection mbeans = connector.getMBeanServerConnection();
                ObjectName docs = new ObjectName("marina:type=Context,path=\"/docs\"");
                assertThat(mbeans.queryNames(new ObjectName("marina:type=Context,*"), null))
                        .containsExactly(docs);
                assertThat(mbeans.getAttribute(docs, "Kind")).isEqualTo("files");
                assertThat(mbeans.getAttribute(docs, "Requests")).isEqualTo(1L);
                assertThat(mbeans.getAttribute(new ObjectName("marina:type=Server"), "Pid"))
                        .isEqualTo(home.pid());
            }
        }
    }
}
