package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: closed for maintenance, in today's way and in that of earlier times. */
class MaintenanceTest {
    private static final String SERVER = "server: {listen: LISTEN, static: {public_dir: public}}\n";

    @TempDir
    private Path base;

    private MarinaUnderTest start(String yaml) {
        return new NavigatorBed(base)
                .file("public/503.html", "<h1>back soon</h1>")
                .file("public/static.html", "static")
                .file("public/style.css", "css")
                .navigator(SERVER + yaml)
                .start();
    }

    @Test
    void filesGoOnAndAllElseIsThePage() {
        try (MarinaUnderTest marina = start("maintenance: {enabled: true}\napplications:\n" + NavigatorBed.NODE
                + "  tenants: [{path: /app/, framework: node}]\n")) {
            assertThat(marina.get("/static.html").body()).isEqualTo("static");
            assertThat(marina.get("/style.css").body()).isEqualTo("css");
            for (String path : List.of("/app/dashboard", "/", "/nonexistent")) {
                HttpResponse<String> answer = marina.get(path, "Accept", "text/html");
                assertThat(answer.statusCode()).as(path).isEqualTo(503);
                assertThat(answer.body()).isEqualTo("<h1>back soon</h1>");
                assertThat(answer.headers().firstValue("cache-control"))
                        .hasValueSatisfying(field -> assertThat(field).contains("no-store"));
                // There nobody is told when to come back.
                assertThat(answer.headers().firstValue("retry-after")).isPresent();
            }
        }
    }

    @Test
    void aRewriteOfEverythingToThePageIsThePageWith200() {
        try (MarinaUnderTest marina = start("routes: {rewrites: [{from: '^.*$', to: /503.html}]}\n")) {
            HttpResponse<String> answer = marina.get("/app/dashboard");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("<h1>back soon</h1>");
        }
    }
}
