package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code server.hostname}: its manual says that requests for other names are refused, and nobody there looks at it. */
class HostNameTest {
    @TempDir
    private Path base;

    private MarinaUnderTest start(String name) {
        return new NavigatorBed(base)
                .file("public/a.txt", "here")
                .navigator(
                        """
                        server:
                          listen: LISTEN
                          hostname: %s
                          health_check: { path: /up, response: { status: 200, body: OK } }
                        """
                                .formatted(name))
                .start();
    }

    private static int status(MarinaUnderTest marina, String path, String host) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        return RawClient.status(RawClient.exchange(marina.uri("/"), request));
    }

    @Test
    void isTheOnlyNameThatIsAnswered() {
        try (MarinaUnderTest marina = start("www.example.com")) {
            assertThat(status(marina, "/a.txt", "www.example.com")).isEqualTo(200);
            assertThat(status(marina, "/a.txt", "WWW.Example.com:8080")).isEqualTo(200);
            assertThat(status(marina, "/a.txt", "evil.test")).isEqualTo(421);
            assertThat(status(marina, "/a.txt", "example.com")).isEqualTo(421);
            // Who looks after the machine knows its address alone.
            assertThat(status(marina, "/up", "10.1.2.3")).isEqualTo(200);
            assertThat(status(marina, "/a.txt", "localhost:9999")).isEqualTo(200);
        }
    }

    @Test
    void ofFlyLimitsNothingBecauseItsProxyDoes() {
        try (MarinaUnderTest marina = start("smooth.fly.dev")) {
            assertThat(status(marina, "/a.txt", "showcase.example.com")).isEqualTo(200);
        }
    }

    @Test
    void ofTheManualsExamplesLimitsNothing() {
        try (MarinaUnderTest marina = start("localhost")) {
            assertThat(status(marina, "/a.txt", "showcase.example.com")).isEqualTo(200);
        }
    }
}
