package marina.proxy;

import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/** The callback of an answer that this server gives itself; tells when the exchange is over. */
public final class AnswerEnd extends Callback.Nested {
    private final Request request;
    private final boolean upgradesHold;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean upgraded;

    /**
     * In place of another callback.
     *
     * @param upgradesHold whether the exchange goes on while the connection is open that the answer has turned the request
     *     into, such as a WebSocket
     */
    public AnswerEnd(Request request, Callback callback, boolean upgradesHold) {
        super(callback);
        this.request = request;
        this.upgradesHold = upgradesHold;
    }

    /** Completes when it is over. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void succeeded() {
        upgraded = upgradesHold && awaitsEndOfUpgrade();
        super.succeeded();
    }

    @Override
    public void completed() {
        if (!upgraded) {
            ended.complete(null);
        }
    }

    /** Before the answer is complete: from there on the new connection may end at any time. */
    private boolean awaitsEndOfUpgrade() {
        if (!(request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) instanceof Connection connection)) {
            return false;
        }
        connection.addEventListener(new Connection.Listener() {
            @Override
            public void onClosed(Connection closed) {
                ended.complete(null);
            }
        });
        Request.addCompletionListener(request, failure -> {
            if (failure != null) {
                ended.complete(null); // then it is not opened
            }
        });
        return true;
    }
}
