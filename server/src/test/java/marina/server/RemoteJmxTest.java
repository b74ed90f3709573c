package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.AttributeChangeNotification;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import marina.testing.JmxClientProgram;
import marina.testing.MarinaUnderTest;
import marina.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JMX as a client sees it that comes through the port. */
class RemoteJmxTest {
    private static final Path APPS = Path.of("target/test-classes/apps").toAbsolutePath();
    private static final String USERS =
            """
            users:
              anna: { password: "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", roles: manager-jmx }
              bert: { password: "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", roles: reader }
            """;

    @TempDir
    private Path base;

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String contexts() {
        return "contexts:\n  /app: { command: [node, app.js], directory: %s }\n".formatted(APPS);
    }

    @SuppressWarnings("BanJNDI") // that is how JMX finds its connector
    private static JMXConnector connect(int port, Map<String, ?> environment) throws IOException {
        return JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi"), environment);
    }

    private static Map<String, ?> as(String user, String password) {
        return Map.of(JMXConnector.CREDENTIALS, new String[] {user, password});
    }

    @Test
    void aClientReadsWorksAndHearsOfStatesOverRestarts() throws Exception {
        int port = freePort();
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "jmx: { port: %d }\n%s".formatted(port, contexts()))) {
            assertThat(marina.status("/app").state()).isEqualTo("stopped");
            ObjectName app = new ObjectName("marina:type=Context,path=\"/app\"");
            ObjectName all = new ObjectName("marina:type=Contexts");
            List<String> heard = new CopyOnWriteArrayList<>();
            List<String> heardOfAll = new CopyOnWriteArrayList<>();
            try (JMXConnector client = connect(port, Map.of())) {
                MBeanServerConnection beans = client.getMBeanServerConnection();
                beans.addNotificationListener(
                        app,
                        (notice, unused) -> heard.add(
                                ((AttributeChangeNotification) notice).getNewValue() + " " + notice.getUserData()),
                        null,
                        null);
                beans.addNotificationListener(all, (notice, unused) -> heardOfAll.add(notice.getMessage()), null, null);

                beans.invoke(app, "start", new Object[0], new String[0]);
                assertThat(beans.getAttribute(app, "State")).isEqualTo("ready");
                ObjectName backend = new ObjectName("marina:type=Backend,context=\"/app\",instance=0");
                assertThat(beans.getAttribute(backend, "State")).isEqualTo("ready");
                long pid = (long) beans.getAttribute(backend, "Pid");
                beans.invoke(app, "restart", new Object[0], new String[0]);
                assertThat(beans.getAttribute(backend, "Pid")).isNotEqualTo(pid);
                ProcessHandle.of((long) beans.getAttribute(backend, "Pid"))
                        .orElseThrow()
                        .destroyForcibly();

                await().untilAsserted(() -> assertThat(heard).contains("failed /app"));
                assertThat(heard).startsWith("starting /app", "ready /app");
                await().untilAsserted(() -> assertThat(heardOfAll)
                        .anyMatch(message -> message.startsWith("/app ready -> failed: killed by SIGKILL")));
            }
        }
    }

    @Test
    void aPasswordWithTheRoleIsNeededWhereThereAreUsers() throws Exception {
        int port = freePort();
        MarinaUnderTest.write(base, "conf/users.yml", USERS);
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "jmx: { port: %d, users: conf/users.yml }\n%s".formatted(port, contexts()))) {
            assertThat(marina.server()).isNotNull();
            assertThatThrownBy(() -> connect(port, Map.of())).isInstanceOf(SecurityException.class);
            assertThatThrownBy(() -> connect(port, as("anna", "wrong"))).isInstanceOf(SecurityException.class);
            assertThatThrownBy(() -> connect(port, as("bert", "test")))
                    .as("without the role")
                    .isInstanceOf(SecurityException.class);
            try (JMXConnector client = connect(port, as("anna", "test"))) {
                assertThat(client.getMBeanServerConnection().isRegistered(new ObjectName("marina:type=Server")))
                        .isTrue();
            }
        }
    }

    @Test
    void theConnectionIsEncryptedWithTlsAndThePortFollowsAReload() throws Exception {
        int port = freePort();
        TestCertificates.Pair pair =
                TestCertificates.of("127.0.0.1", "localhost").write(base, "tls");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "jmx: { port: %d, tls: { certificate: conf/tls.crt, key: conf/tls.key } }\n%s"
                        .formatted(port, contexts()))) {
            assertThatThrownBy(() -> connect(port, Map.of())).isInstanceOf(IOException.class);
            assertThat(ofClientThatTrusts(pair, port)).isEqualTo("version " + MarinaServer.version());

            marina.reload("jmx: { port: %d }\n%s".formatted(port, contexts()));
            try (JMXConnector client = connect(port, Map.of())) {
                assertThat(client.getConnectionId()).isNotEmpty();
            }
            marina.reload(contexts());
            assertThatThrownBy(() -> connect(port, Map.of())).isInstanceOf(IOException.class);
        }
    }

    private String ofClientThatTrusts(TestCertificates.Pair pair, int port) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("marina", pair.certificate());
        Path file = base.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        Path output = base.resolve("client.txt");
        Process client = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djavax.net.ssl.trustStore=" + file,
                        "-Djavax.net.ssl.trustStorePassword=changeit",
                        "-cp",
                        Path.of("target", "test-classes").toAbsolutePath().toString(),
                        JmxClientProgram.class.getName(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        client.waitFor();
        return Files.readString(output).strip();
    }
}
