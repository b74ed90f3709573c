package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import marina.config.ContextHooks;
import marina.process.ListenerOwner;
import marina.testing.TestApp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another program that listens on an application's port beside it: with SO_REUSEPORT the system lets it. */
class NeighbourTest {
    @TempDir
    private Path folder;

    private ProcessBed bed;

    @BeforeEach
    void open() {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "only Linux tells who listens");
        bed = new ProcessBed(folder);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void isNoticedAsLongAsItListens(String address) throws Exception {
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("share", "${port}"), ContextHooks.NONE);
        try (Lease<ProcessInstance> lease = backend.lease().get()) {
            ProcessInstance application = lease.instance();
            assertThat(application.listener()).isEqualTo(ListenerOwner.TREE);

            try (ServerSocketChannel neighbour = listenBeside(address, portOf(backend))) {
                assertThat(neighbour.isOpen()).isTrue();
                assertThat(application.listener()).isEqualTo(ListenerOwner.STRANGER);
            }
            assertThat(application.listener()).isEqualTo(ListenerOwner.TREE);
        }
    }

    @Test
    void costsTheApplicationItsPlaceAndTheNextStartUsesAnotherPort() throws Exception {
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("share", "${port}"), ContextHooks.NONE);
        bed.ready(backend);
        int port = portOf(backend);

        try (ServerSocketChannel neighbour = listenBeside("127.0.0.1", port)) {
            assertThat(neighbour.isOpen()).isTrue();
            await().atMost(Duration.ofSeconds(15)).until(() -> backend.status().state() == BackendState.FAILED);
            assertThat(backend.status().reason()).contains("another program listens on its port " + port);

            bed.ready(backend);
            assertThat(portOf(backend)).isNotEqualTo(port);
        }
    }

    @Test
    void onAllAddressesOfIpv6NeverGetsWhatIsMeantForTheApplication() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "this machine has no IPv6");
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("share", "${port}"), ContextHooks.NONE);
        try (Lease<ProcessInstance> lease = backend.lease().get();
                ServerSocketChannel neighbour = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
            neighbour.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            neighbour.bind(new InetSocketAddress(InetAddress.getByName("::"), portOf(backend)));
            neighbour.configureBlocking(false);

            for (int i = 0; i < 50; i++) {
                assertThat(bed.get(backend.status())).isEmpty();
            }

            assertThat(neighbour.accept()).as("a connection to the neighbour").isNull();
            assertThat(lease.instance().listener()).isEqualTo(ListenerOwner.TREE);
        }
    }

    private static int portOf(Backend<ProcessInstance> backend) {
        String address = backend.status().address();
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }

    /** Of IPv4: the JDK's usual sockets are of IPv6, which connections to 127.0.0.1 reach only when nobody is bound to it. */
    private static ServerSocketChannel listenBeside(String address, int port) throws Exception {
        return ServerSocketChannel.open(StandardProtocolFamily.INET)
                .setOption(StandardSocketOptions.SO_REUSEPORT, true)
                .bind(new InetSocketAddress(InetAddress.getByName(address), port));
    }
}
