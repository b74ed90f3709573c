package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Django project, made and mounted as docs/django.md tells. */
class DjangoIT {
    private static final String PATH = "/usr/bin:" + System.getenv("PATH"); // Debian's Python before others

    @TempDir
    private Path base;

    @Test
    void whatTheGuideTellsWorks() throws Exception {
        RailsLists.require("/usr/bin/python3", "-c", "import django, gunicorn");
        Guide guide = Guide.of("django.md");
        try (HomeUnderTest home = HomeUnderTest.at(base, guide.configuration() + "defaults: { page_after: 60s }\n")
                .with("PATH", PATH)
                .with("SECRET_KEY", "0123456789abcdef0123456789abcdef")
                .write("conf/htpasswd", RailsLists.PASSWORDS)) {
            run(guide.in("sh").get(0).text());
            guide.files().forEach(piece -> home.write("django/" + piece.file(), piece.text()));
            run(guide.in("sh").get(1).text());
            home.start();

            Visitor visitor = new Visitor(home::uri).as(RailsLists.SAM);
            assertThat(home.browser().get("/sam/").statusCode()).isEqualTo(401);
            String page = add(visitor, "/sam/", "milk & honey");
            assertThat(page).contains("<li>milk &amp; honey</li>", home.uri("/sam/") + ", user sam");
            assertThat(add(visitor, "/sally/", "bread")).contains("bread").doesNotContain("honey");
            assertThat(visitor.page("/sam/")).contains("visit 3").doesNotContain("bread");
            assertThat(visitor.page("/sam/static/admin/css/base.css")).contains("{");
            assertThat(visitor.page("/sam/admin/")).contains("action=\"/sam/admin/login/", "/sam/static/admin/css");

            long killed = RailsLists.pid(page);
            Processes.signal(killed, "KILL");
            await().atMost(HomeUnderTest.PATIENCE).until(() -> !Processes.isAlive(killed));
            home.browser().awaitStatus("/sam/", 401);
            await().atMost(HomeUnderTest.PATIENCE)
                    .ignoreExceptionsInstanceOf(AssertionError.class)
                    .until(() -> visitor.page("/sam/").contains("honey"));
        }
    }

    private static String add(Visitor visitor, String list, String text) {
        String token = Visitor.find(visitor.page(list), "name=\"csrfmiddlewaretoken\" value=\"([^\"]+)\"");
        return visitor.form(list, Map.of("csrfmiddlewaretoken", token, "text", text));
    }

    /** Carries out lines of the guide. */
    private void run(String lines) throws IOException, InterruptedException {
        Path log = base.resolve("commands.log");
        ProcessBuilder shell = new ProcessBuilder("sh", "-ec", lines)
                .directory(base.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        shell.environment().put("PATH", PATH);
        Process process = shell.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(java.nio.file.Files.readString(log)).isZero();
    }
}
