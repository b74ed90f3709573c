package marina.access;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import marina.config.AccessPattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A line of the access log, of a request that a server has at that moment. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AccessLineBenchmark {
    private static final String COMBINED = "%h %l %u %t \"%r\" %s %b \"%{Referer}i\" \"%{User-Agent}i\"";

    /** How lines are written. */
    @Param({"combined", "json"})
    public String form = "";

    private final Server server = new Server();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private LineForm lines = exchange -> "";
    private volatile @Nullable Request request;
    private volatile @Nullable Response response;
    private volatile Callback answered = Callback.NOOP;

    /** Has a request wait within a server, as long as its lines are written. */
    @Setup
    public void receive() throws Exception {
        lines = form.equals("json") ? new JsonForm() : new PatternForm(AccessPattern.parse(COMBINED), false);
        LocalConnector connector = new LocalConnector(server);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request one, Response its, Callback callback) {
                request = one;
                response = its;
                answered = callback;
                arrived.countDown();
                return true;
            }
        });
        server.start();
        LocalConnector.LocalEndPoint client = connector.connect();
        client.addInput(
                "GET /shop/students/17?edit=1 HTTP/1.1\r\nHost: shop.example.com\r\nReferer: https://shop.example.com/shop\r\n"
                        + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
                        + "X-Request-Id: 8f2b1c4e6d7a9b0c8f2b1c4e6d7a9b0c\r\n\r\n");
        if (!arrived.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the request has not arrived");
        }
    }

    /** Ends both. */
    @TearDown
    public void answer() throws Exception {
        answered.succeeded();
        server.stop();
    }

    /** One line. */
    @Benchmark
    public String line() {
        return lines.line(new Exchange(request, response, Known.SHOP, null));
    }

    private enum Known implements Surroundings {
        SHOP;

        private static final Place PLACE = new Place("/shop", "upstream");

        @Override
        public Place place(Request request) {
            return PLACE;
        }

        @Override
        public String answer(Request request, Response response) {
            return "proxy";
        }

        @Override
        public @Nullable String session(Request request, Response response) {
            return null;
        }

        @Override
        public @Nullable Object sessionAttribute(Request request, Response response, String name) {
            return null;
        }

        @Override
        public @Nullable String decision(Request request) {
            return null;
        }
    }
}
