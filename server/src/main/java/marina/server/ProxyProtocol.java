package marina.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PROXY protocol before everything else on a connection. A connection without its header is closed: whoever could
 * leave it out could also pretend to be a load balancer's client.
 */
final class ProxyProtocol extends AbstractConnectionFactory {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyProtocol.class);

    private final ConnectionFactory next;

    /**
     * @param next the protocol behind the header
     */
    ProxyProtocol(ConnectionFactory next) {
        super("[proxy]");
        this.next = next;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new HeaderConnection(connector, endPoint), connector, endPoint);
    }

    /** Reads the header, and hands what follows it to the next protocol. */
    private final class HeaderConnection extends AbstractConnection.NonBlocking implements Connection.UpgradeFrom {
        private final Connector connector;
        private final ByteBuffer buffer = BufferUtil.allocate(ProxyHeader.LONGEST);

        HeaderConnection(Connector connector, EndPoint endPoint) {
            super(endPoint, connector.getExecutor());
            this.connector = connector;
        }

        @Override
        public void onOpen() {
            super.onOpen();
            fillInterested();
        }

        @Override
        public void onFillable() {
            try {
                read();
            } catch (ProxyHeader.BrokenException e) {
                LOG.info("Connection from {} closed: {}", getEndPoint().getRemoteSocketAddress(), e.getMessage());
                getEndPoint().close();
            } catch (IOException e) {
                getEndPoint().close(e);
            }
        }

        @Override
        public @Nullable ByteBuffer onUpgradeFrom() {
            return buffer.hasRemaining() ? buffer : null;
        }

        private void read() throws IOException, ProxyHeader.BrokenException {
            while (true) {
                int filled = getEndPoint().fill(buffer);
                if (filled < 0) {
                    getEndPoint().close();
                    return;
                }
                if (filled == 0) {
                    fillInterested();
                    return;
                }
                Optional<ProxyHeader> header = ProxyHeader.parse(buffer);
                if (header.isPresent()) {
                    goOn(header.get());
                    return;
                }
            }
        }

        private void goOn(ProxyHeader header) {
            EndPoint endPoint = getEndPoint();
            EndPoint client = header.addresses()
                    .<EndPoint>map(addresses ->
                            new ProxyConnectionFactory.ProxyEndPoint(endPoint, addresses.server(), addresses.client()))
                    .orElse(endPoint);
            endPoint.upgrade(next.newConnection(connector, client));
        }
    }
}
