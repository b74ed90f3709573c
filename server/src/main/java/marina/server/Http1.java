package marina.server;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import marina.connection.EventTail;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * HTTP/1.1 on connections that one thread at a time reads. Jetty 12.1.7 answers a malformed request from a second thread, which may go on
 * reading before the first one has let go of the buffer; the buffer is then given back twice, or filled after it has become
 * another connection's. About one of 100,000 malformed requests did so. Safe for use by many threads.
 */
public final class Http1 extends HttpConnectionFactory {

    /** Connections as configured. */
    public Http1(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new InTurn(getHttpConfiguration(), connector, endPoint);
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }

    private static final class InTurn extends HttpConnection {
        private final AtomicInteger asked = new AtomicInteger();
        private final boolean mayServeAnywhere = getServer().getInvocationType() == InvocationType.NON_BLOCKING;

        InTurn(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        /** Jetty has the connection looked after by a thread of the pool when an answer has ended; here the one that has ended it may. */
        @Override
        protected Executor getExecutor() {
            return this::execute;
        }

        private void execute(Runnable task) {
            if (task != this || !mayServeAnywhere || !EventTail.add(task)) {
                super.getExecutor().execute(task);
            }
        }

        @Override
        public void onFillable() {
            if (asked.getAndIncrement() > 0) {
                return; // whoever reads now does it once more
            }
            do {
                super.onFillable();
            } while (asked.decrementAndGet() > 0);
        }
    }
}
