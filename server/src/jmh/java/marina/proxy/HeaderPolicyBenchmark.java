package marina.proxy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The fields that go on to a backend and back to a client, with as many as browsers and frameworks send. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderPolicyBenchmark {
    private static final ClientView VIEW =
            new ClientView("203.0.113.7", "https", "shop.example.com", 443, List.of(), "");

    private final HttpFields browser = HttpFields.build()
            .add("Host", "shop.example.com")
            .add("Connection", "keep-alive")
            .add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .add("Accept-Language", "en,de;q=0.7")
            .add("Accept-Encoding", "gzip, deflate, br, zstd")
            .add("Cookie", "_session=8f2b1c4e6d7a9b0c; theme=dark")
            .add("Referer", "https://shop.example.com/students")
            .add("Sec-Fetch-Dest", "document")
            .add("X-Forwarded-For", "198.51.100.1")
            .add("X-Request-Id", "8f2b1c4e6d7a9b0c8f2b1c4e6d7a9b0c")
            .asImmutable();

    private final HttpFields application = HttpFields.build()
            .add("Content-Type", "text/html; charset=utf-8")
            .add("Content-Length", "5120")
            .add("Cache-Control", "max-age=0, private, must-revalidate")
            .add("ETag", "W/\"8f2b1c4e6d7a9b0c\"")
            .add("Set-Cookie", "_session=8f2b1c4e6d7a9b0c; path=/; HttpOnly; SameSite=Lax")
            .add("X-Frame-Options", "SAMEORIGIN")
            .add("X-Runtime", "0.012345")
            .add("Keep-Alive", "timeout=5")
            .asImmutable();

    /** Of a request. */
    @Benchmark
    public HttpFields toBackend() {
        return ForwardedHeaders.toBackend(browser, VIEW, "/shop");
    }

    /** Of an answer. */
    @Benchmark
    public HttpFields toClient() {
        HttpFields.Mutable client = HttpFields.build();
        ForwardedHeaders.toClient(application, client);
        return client;
    }
}
