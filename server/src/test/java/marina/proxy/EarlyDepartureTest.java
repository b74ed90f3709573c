package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Test;

/** A client that has left while its request waited for its turn reaches no backend, and its departure is no error of ours. */
class EarlyDepartureTest {

    @Test
    void itsRequestIsAbandonedAndNotSent() throws Exception {
        AtomicReference<Request> seen = new AtomicReference<>();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> wire.rest());
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            front.customize(request -> {
                seen.set(request);
                return new Left(request);
            });
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\nbegin");

            Front.soon("the exchange ends", () -> front.exchanges() == 1 && front.allExchangesEnded());
            assertThat(seen.get()).matches(Abandoned::is, "is abandoned");
            assertThat(backend.connections()).isZero();
            assertThat(front.failures()).isEmpty();
        }
    }

    /** A request whose client had left before anybody watched it. */
    private static final class Left extends Request.Wrapper implements ClientWatch {
        Left(Request request) {
            super(request);
        }

        @Override
        public void watch(Consumer<Throwable> whenLeft) {
            whenLeft.accept(new EofException("the client has left"));
        }

        @Override
        public void unwatch(Consumer<Throwable> whenLeft) {}
    }
}
