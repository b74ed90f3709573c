package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.FleetBed;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes to a machine of another app, which has another configuration and perhaps no passwords. */
class PasswordBeforeAnotherAppTest {
    private static final String CONFIG =
            """
            fleet: { dns: { server: "DNS", timeout: 2s } }
            auth: { htpasswd: conf/htpasswd, public: ["/open/"] }
            routes:
              - { match: "^/print/", replay: { app: printer } }
              - { match: "^/open/", replay: { app: printer } }
            contexts:
              /syd: { files: site, region: syd }
            """;

    @TempDir
    private Path base;

    @Test
    void isAskedForItsPasswordHereUnlessItsPathIsPublic() throws IOException {
        try (FleetBed bed = new FleetBed(base)) {
            bed.dns()
                    .ttl(300)
                    .txt("vms.app.internal", "m1 ewr,m2 syd")
                    .txt("all.vms.app.internal", "m1 ewr,m2 syd")
                    .txt("vms.printer.internal", "p1 iad")
                    .txt("all.vms.printer.internal", "p1 iad");
            MarinaUnderTest.write(base.resolve("m1-0"), "site/index.html", "");
            MarinaUnderTest.write(base.resolve("m1-0"), "conf/htpasswd", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
            MarinaUnderTest marina = bed.onFly("m1", "ewr", CONFIG);

            HttpResponse<String> stranger = marina.get("/print/x");
            HttpResponse<String> anna = marina.get("/print/x", "Authorization", "Basic YW5uYTp0ZXN0");

            assertThat(stranger.statusCode()).isEqualTo(401);
            assertThat(stranger.headers().firstValue("fly-replay")).isEmpty();
            assertThat(stranger.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(place(anna)).isEqualTo("printer");
            assertThat(place(marina.get("/open/x"))).isEqualTo("printer");
            assertThat(marina.get("/syd/").statusCode())
                    .as("the same configuration asks there")
                    .isNotEqualTo(401);
        }
    }

    private static String place(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("fly-replay")
                .orElse(answer.body())
                .replaceFirst("(?s).*app=([a-z]+).*", "$1");
    }
}
