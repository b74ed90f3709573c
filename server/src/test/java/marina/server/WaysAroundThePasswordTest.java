package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is public opens nothing else, however a request gets there. */
@SuppressWarnings("NullAway.Init")
class WaysAroundThePasswordTest {
    private static final String APP =
            Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();

    /** SHA-1 of "test". */
    private static final String HASH = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";

    @TempDir
    private Path base;

    private MarinaUnderTest marina;

    @BeforeEach
    void start() {
        MarinaUnderTest.write(base, "conf/staff", "admin:" + HASH + "\n");
        MarinaUnderTest.write(base, "conf/guests", "admin:" + HASH + "\n");
        MarinaUnderTest.write(base, "public/app.css", "body {}");
        MarinaUnderTest.write(base, "public/shop/app.css", "body {}");
        MarinaUnderTest.write(base, "public/routed/app.css", "body {}");
        script("sends.sh", "printf 'Location: /shop/secret\\n\\n'");
        script("who.sh", "printf 'Content-Type: text/plain\\n\\n%s' \"$REMOTE_USER\"");
        marina = MarinaUnderTest.start(
                base,
                """
                auth: { htpasswd: conf/staff, public: ["/open/", "*.css"] }
                public: { directory: public }
                routes:
                  - { match: "^/routed/", rewrite: "/shop/secret" }
                  - { match: "^/guests/sync$", rewrite: "/open/sync" }
                  - { match: "^/open/sync$", cgi: { script: cgi/who.sh, allowed_users: [admin] } }
                  - { match: "^/direct/", cgi: cgi/who.sh }
                contexts:
                  /open: { cgi: cgi/sends.sh }
                  /shop: { command: [node, "APP"] }
                  /guests: { command: [node, "APP"], auth: { htpasswd: conf/guests } }
                """
                        .replace("APP", APP));
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    @Test
    void aPublicScriptLeadsNobodyIntoWhatIsNotPublic() {
        assertThat(marina.get("/open/").statusCode()).isEqualTo(401);
        assertThat(marina.get("/open/", password()).body()).contains("/shop/secret");
        assertThat(marina.status("/shop").backend().starts()).isEqualTo(1);
    }

    @Test
    void theExtensionOfAFileOpensTheFileOnly() {
        MarinaUnderTest.write(base, "public/direct/app.css", "body {}");
        assertThat(marina.get("/app.css").body()).isEqualTo("body {}");
        assertThat(marina.get("/shop/app.css").body()).isEqualTo("body {}");

        assertThat(send("POST", "/shop/app.css")).isEqualTo(401);
        assertThat(send("DELETE", "/shop/app.css")).isEqualTo(401);
        assertThat(marina.get("/routed/app.css").statusCode())
                .as("rewritten to an application")
                .isEqualTo(401);
        assertThat(marina.get("/direct/app.css").statusCode())
                .as("answered by a script")
                .isEqualTo(401);
        assertThat(marina.get("/direct/app.css", password()).body()).isEqualTo("admin");
        assertThat(marina.status("/shop").backend().starts()).isZero();
    }

    @Test
    void oneOfThatNameInAnotherFileIsSomebodyElse() {
        assertThat(marina.get("/guests/", password()).statusCode()).isEqualTo(200);
        // The same password by chance: what counts is that it was asked for again.
        MarinaUnderTest.write(base, "conf/staff", "boss:" + HASH + "\n");

        assertThat(marina.get("/guests/sync", password()).statusCode()).isEqualTo(401);
    }

    private int send(String method, String path) {
        URI uri = marina.uri(path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.ofString("x"))
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, BodyHandlers.discarding())
                .join()
                .statusCode();
    }

    private static String[] password() {
        String credentials = Base64.getEncoder().encodeToString("admin:test".getBytes(StandardCharsets.UTF_8));
        return List.of("Authorization", "Basic " + credentials).toArray(String[]::new);
    }

    private void script(String name, String text) {
        MarinaUnderTest.write(base, "cgi/" + name, "#!/bin/sh\n" + text + "\n");
        assertThat(base.resolve("cgi").resolve(name).toFile().setExecutable(true))
                .isTrue();
    }
}
