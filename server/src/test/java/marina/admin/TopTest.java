package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import marina.testing.MarinaUnderTest;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code marina.sh top}, on a real terminal and for scripts. */
class TopTest {
    @TempDir
    private Path base;

    private RunningMarina start() throws Exception {
        StringBuilder contexts = new StringBuilder("contexts:\n");
        for (int i = 1; i <= 30; i++) {
            contexts.append("  /site").append(i).append(": { files: site }\n");
        }
        MarinaUnderTest.write(base, "site/index.html", "hello");
        return new RunningMarina(base, contexts.toString());
    }

    private static void visit(RunningMarina marina, String path, int times) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        URI uri = URI.create(marina.server().urls().get(0) + path);
        for (int i = 0; i < times; i++) {
            client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
        }
    }

    @Test
    void showsTheBusiestInTheSizeOfTheTerminal() throws Exception {
        try (RunningMarina marina = start()) {
            visit(marina, "/site7/", 3);
            String said = RunningMarina.output(
                    "python3",
                    Path.of("src/test/resources/apps/terminal.py")
                            .toAbsolutePath()
                            .toString(),
                    "24x80",
                    "wait:q quit;key:R;wait:(requests);shot;key:p;wait:(path);shot;resize:12x40;fits;wait:q quit;shot;key:q",
                    RunningMarina.script(base).toString(),
                    "top",
                    "-d",
                    "0.5");
            List<String> screens = Arrays.asList(said.split("---"));
            assertThat(said)
                    .doesNotContain("too long")
                    .contains("mode restored")
                    .contains("exit 0");
            List<String> first = screens.get(0).lines().toList();
            assertThat(first.get(0)).startsWith("Marina ").contains("requests/s");
            assertThat(first.get(1)).startsWith("30 contexts: 30 ready");
            assertThat(first.get(3)).startsWith("PATH").contains("REQ/S").endsWith("PID");
            assertThat(first.get(4)).matches("/site7 +files +ready +\\S+ +3 +0 +- +-");
            assertThat(first.get(23)).startsWith("q quit");
            assertThat(screens.get(1).strip().lines().skip(4).findFirst().orElse(""))
                    .startsWith("/site1 ");
            List<String> small = screens.get(2).strip().lines().toList();
            assertThat(small).hasSize(12).allMatch(line -> line.length() <= 40);
            assertThat(small.get(11)).startsWith("q quit");
        }
    }

    @Test
    void tellsScriptsTheSame() throws Exception {
        try (RunningMarina marina = start()) {
            visit(marina, "/site3/", 2);
            String said = RunningMarina.output(RunningMarina.script(base).toString(), "top", "-n", "1", "--json");
            Map<?, ?> look = (Map<?, ?>) new JSON().fromJSON(said);
            Object[] contexts = look.get("contexts") instanceof Object[] all ? all : new Object[0];
            assertThat(contexts).hasSize(30);
            Map<?, ?> first = (Map<?, ?>) contexts[0];
            assertThat(first.get("path")).isEqualTo("/site3");
            assertThat(first.get("requests")).isEqualTo(2L);
            assertThat(first.get("state")).isEqualTo("ready");
            assertThat(look.get("requests_per_second")).isInstanceOf(Number.class);

            String plain = RunningMarina.output(RunningMarina.script(base).toString(), "top");
            assertThat(plain).contains("/site3").doesNotContain("\033");
        }
    }

    @Test
    void saysWhenNoMarinaRuns() throws Exception {
        String said = RunningMarina.output("sh", "-c", RunningMarina.script(base) + " top -n 1 --json; echo status $?");
        assertThat(said)
                .contains("\"succeeded\":false")
                .contains("Marina is not running")
                .contains("status 3");
    }
}
