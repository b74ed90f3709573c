package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: whom it believes about the client. */
class TrustTest {
    @TempDir
    private Path base;

    @SuppressWarnings("NullAway.Init")
    private HeadEcho echo;

    @BeforeEach
    void open() throws Exception {
        echo = new HeadEcho("echo");
    }

    @AfterEach
    void close() {
        echo.close();
    }

    private String yaml(boolean trusts) {
        return """
                server: {listen: LISTEN, trust_proxy: %s}
                routes:
                  reverse_proxies: [{path: '^/', target: '%s', headers: {X-Client: $remote_addr, X-How: $scheme}}]
                """
                .formatted(trusts, echo.url());
    }

    @Test
    void aProxyOfOnesOwnIsBelieved() {
        try (MarinaUnderTest marina =
                new NavigatorBed(base).navigator(yaml(true)).start()) {
            String told = marina.get("/x", "X-Forwarded-Host", "a.test", "X-Forwarded-For", "203.0.113.45, 10.0.0.1")
                    .body();
            assertThat(told).contains("X-Forwarded-Host: a.test").contains("X-Client: 203.0.113.45");
            String plain = marina.get("/x").body();
            assertThat(plain).contains("X-Forwarded-Host: 127.0.0.1").contains("X-Client: 127.0.0.1");
            assertThat(plain).contains("X-How: http\r\n");
            // There X-Real-IP counts where X-Forwarded-For is missing; a proxy that does not know the field passes on
            // what the client wrote into it.
            assertThat(marina.get("/x", "X-Real-IP", "203.0.113.46").body()).contains("X-Client: 127.0.0.1");
            // There the first address counts, which a client writes as it likes: a proxy adds the true one behind it.
            assertThat(marina.get("/x", "X-Forwarded-For", "1.2.3.4, 203.0.113.45")
                            .body())
                    .contains("X-Client: 203.0.113.45");
        }
    }

    @Test
    void nobodyElseIsAndAReloadTellsWho() {
        NavigatorBed bed = new NavigatorBed(base).navigator(yaml(false));
        String[] claims = {
            "X-Forwarded-Host",
            "a.test",
            "X-Forwarded-For",
            "203.0.113.45",
            "X-Real-IP",
            "203.0.113.46",
            "X-Forwarded-Proto",
            "https"
        };
        try (MarinaUnderTest marina = bed.start()) {
            // There X-Forwarded-For, X-Real-IP and X-Forwarded-Proto count all the same.
            assertThat(marina.get("/x", claims).body())
                    .contains("X-Forwarded-Host: 127.0.0.1")
                    .contains("X-Client: 127.0.0.1")
                    .contains("X-How: http\r\n")
                    .doesNotContain("203.0.113.4");
            assertThat(marina.get("/x").body()).contains("X-Forwarded-Host: 127.0.0.1");

            bed.navigator(yaml(true));
            assertThat(marina.server().reloader().reload().join().succeeded()).isTrue();
            assertThat(marina.get("/x", claims).body())
                    .contains("X-Forwarded-Host: a.test")
                    .contains("X-Client: 203.0.113.45")
                    .contains("X-How: https");
        }
    }
}
