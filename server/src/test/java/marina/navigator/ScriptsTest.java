package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: its CGI scripts. */
class ScriptsTest {
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";

    @TempDir
    private Path base;

    private NavigatorBed bed = new NavigatorBed(Path.of(""));

    @SuppressWarnings("NullAway.Init")
    private MarinaUnderTest marina;

    private static String yaml(String more) {
        return """
                server:
                  listen: LISTEN
                  cgi_scripts:
                    - {path: /echo, script: bin/echo.sh}
                    - {path: /read, script: bin/echo.sh, method: GET}
                    - {path: /none, script: bin/none.sh}
                    - {path: /folder, script: bin}
                    - {path: /empty, script: ''}
                    - {path: /silent, script: bin/silent.sh}
                    - {path: /events, script: bin/events.sh}
                    - {path: /change, script: bin/change.sh, method: POST, reload_config: config/navigator.yml}
                    - {path: /users, script: bin/echo.sh, allowed_users: [sam]}
                auth: {enabled: true, htpasswd: config/htpasswd, public_paths: [/]}
                """
                + more
                + "applications:\n"
                + NavigatorBed.NODE
                + "  tenants: [{path: /, framework: node}]\n";
    }

    @BeforeEach
    void start() {
        bed = new NavigatorBed(base)
                .passwords()
                .program("bin/echo.sh", HEAD + "echo \"$REQUEST_METHOD $QUERY_STRING $SCRIPT_NAME $WHO\"; cat\n")
                .program("bin/silent.sh", "exit 3\n")
                .program("bin/events.sh", HEAD + "echo first; while [ ! -e ../go ]; do sleep 0.1; done; echo second\n")
                .program("bin/change.sh", "cat > ../config/navigator.yml\n" + HEAD + "echo changed\n")
                .navigator(yaml(""));
        marina = bed.start();
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    private int status(String path, String user) {
        String both = Base64.getEncoder().encodeToString((user + ":test").getBytes(StandardCharsets.UTF_8));
        return marina.get(path, "Authorization", "Basic " + both).statusCode();
    }

    @Test
    void theyLearnOfTheRequestAndReadItsBody() {
        assertThat(marina.get("/echo?a=b&c=%20d").body().strip()).isEqualTo("GET a=b&c=%20d /echo");
        assertThat(marina.post("/echo", "the body").body().strip()).isEqualTo("POST  /echo \nthe body");
    }

    @Test
    void anotherMethodGoesOnToTheTenant() {
        assertThat(marina.get("/read").body().strip()).isEqualTo("GET  /read");
        assertThat(marina.post("/read", "x").body()).contains("\"method\":\"POST\"");
    }

    @Test
    void whatIsNoScriptIsNotThereAndSaidSo() {
        for (String path : new String[] {"/none", "/folder", "/empty"}) {
            assertThat(marina.get(path).body()).as(path).contains("\"path\":\"" + path + "\"");
        }
        assertThat(bed.problems()).isEmpty();
        assertThat(bed.notes().toString()).contains("there is no script at /none", "there is no script at /folder");
    }

    @Test
    void aScriptThatSaysNothingHasFailed() {
        // There the client gets an empty page with 200.
        assertThat(marina.get("/silent").statusCode()).isEqualTo(502);
    }

    @Test
    void eachPieceIsSentWhenItIsPrinted() throws Exception {
        var request =
                java.net.http.HttpRequest.newBuilder(marina.uri("/events")).build();
        try (var body = java.net.http.HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            // There nothing arrives before the script has ended.
            assertThat(new String(body.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("first");
            bed.file("go", "");
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).contains("second");
        }
    }

    @Test
    void oneThatWritesTheFileHasItReadAgain() {
        String next =
                yaml("routes: {redirects: [{from: '^/old$', to: /new}]}\n").replace("LISTEN", "\"127.0.0.1:0\"");
        assertThat(marina.get("/old").statusCode()).isEqualTo(200);
        assertThat(marina.post("/change", next).body().strip()).isEqualTo("changed");
        await().atMost(Duration.ofSeconds(20)).until(() -> marina.get("/old").statusCode() == 302);
        // What cannot be read changes nothing.
        assertThat(marina.post("/change", "server: [").body().strip()).isEqualTo("changed");
        assertThat(marina.get("/old").statusCode()).isEqualTo(302);
    }

    @Test
    void namesOfUsersAreTakenLetterByLetter() {
        assertThat(marina.get("/users").statusCode()).isEqualTo(401);
        assertThat(status("/users", "sam")).isEqualTo(200);
        assertThat(status("/users", "sally")).isEqualTo(403);
        assertThat(status("/users", "Sam")).isEqualTo(401);
        assertThat(status("/echo", "sally")).isEqualTo(200);
    }
}
