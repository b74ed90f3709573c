package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Operators read what came of a readiness check; they do not know our exceptions. */
class ProbeResultTest {

    @Test
    void saysWhatHappenedWithoutExceptions() {
        assertThat(ProbeResult.describe(503, null, Duration.ZERO)).isEqualTo("status 503");
        assertThat(words(new CompletionException(new ConnectException("Connection refused"))))
                .isEqualTo("connection refused");
        assertThat(words(new TimeoutException("Total timeout 435 ms elapsed"))).isEqualTo("no answer in 435ms");
        assertThat(words(new CompletionException(new EOFException("HttpConnectionOverHTTP@1"))))
                .isEqualTo("the connection was closed without an answer");
        assertThat(words(new IOException("Illegal character CNTL=0x15")))
                .isEqualTo("no HTTP answer (Illegal character CNTL=0x15)");
        assertThat(words(new IOException())).isEqualTo("no HTTP answer");
    }

    private static String words(Throwable failure) {
        return ProbeResult.describe(null, failure, Duration.ofMillis(435));
    }
}
