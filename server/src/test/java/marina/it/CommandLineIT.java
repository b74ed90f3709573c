package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of {@code bin/marina.sh} while Marina runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class CommandLineIT {
    private static final String CONTEXTS =
            """
            contexts:
              /docs: { files: site }
              /app: { command: [node, app.js], directory: %s, env: { API_TOKEN: hush } }
              /broken: { command: [no-such-program] }
            """
                    .formatted(Apps.FOLDER);

    private HomeUnderTest home;

    @BeforeAll
    void start(@TempDir Path base) {
        home = HomeUnderTest.at(base, CONTEXTS).write("site/index.html", "hello");
        home.start();
    }

    @AfterAll
    void stop() {
        home.close();
    }

    @Test
    void tellsItsVersionAndWrongUsage() {
        assertThat(home.marina("version").exits(0).out()).matches("Marina \\d+\\.\\d+\\S* \\(Java .*\\)\\s*");
        assertThat(home.marina("nonsense").exits(2).err()).contains("nonsense");
    }

    @Test
    void helpNamesEveryVerb() {
        String help = home.marina("help").exits(0).out();
        assertThat(help)
                .contains("Exit status")
                .isEqualTo(home.marina().exits(0).out());
        List<String> verbs = List.of(
                "start",
                "run",
                "stop",
                "restart",
                "check",
                "dump",
                "status",
                "contexts",
                "logs",
                "reload",
                "version",
                "backup",
                "restore",
                "htpasswd",
                "lease",
                "leases",
                "pool",
                "export",
                "prerender",
                "simulate",
                "help");
        for (String verb : verbs) {
            assertThat(help.lines()).as(verb).anyMatch(line -> line.matches("  " + verb + "  +\\S.*"));
        }
        assertThat(home.marina("simulate", "--help").exits(0).out()).contains("FLEET.yml");
    }

    @Test
    void printsNothingButWhatItIsAskedFor() {
        home.write("conf.site", "public: { directory: site }\n");
        HomeUnderTest.Outcome outcome = home.marina(
                        "export",
                        "cloudflare",
                        "-c",
                        home.path("conf.site").toString(),
                        "--origin",
                        "https://shop.example.com")
                .exits(0);
        assertThat(outcome.out() + outcome.err()).doesNotContain("DEBUG", "logback");
    }

    @Test
    void checkWarnsOfADoorThatIsOpenToAll() {
        home.write("conf.open", "auth: { htpasswd: site/users, public: [\"/\"] }\n")
                .write("site/users", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        HomeUnderTest.Outcome outcome =
                home.marina("check", "-c", home.path("conf.open").toString()).exits(0);
        assertThat(outcome.out()).contains("is valid");
        assertThat(outcome.err()).startsWith("conf.open:1:").contains("warning", "\"/\" opens every path");
    }

    @Test
    void checksAGoodAndABadFile() {
        assertThat(home.marina("check").exits(0).out()).contains("conf/server.yml", "valid", "3 contexts");
        home.write("conf.bad", "listen: 99999\nlogs: x\n");
        assertThat(home.marina("check", "-c", home.path("conf.bad").toString())
                        .exits(1)
                        .err()
                        .lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("conf.bad:1:9: listen"))
                .anyMatch(line -> line.startsWith("conf.bad:2:1: ") && line.contains("did you mean \"log\"?"));
    }

    @Test
    void dumpsWhatCanBeLoadedAgainWithoutSecrets() {
        String dump = home.marina("dump").exits(0).out();
        assertThat(dump).contains("/docs", "/app").doesNotContain("hush");
        home.write("conf.dump", dump);
        String again = home.marina("dump", "-c", home.path("conf.dump").toString())
                .exits(0)
                .out();
        assertThat(again).isEqualTo(dump);
    }

    @Test
    void describesItselfInJson() {
        Map<?, ?> status = (Map<?, ?>) parse(home.marina("status", "--json").exits(0));
        assertThat(status.get("pid")).isEqualTo(home.pid());
        assertThat((Object[]) Objects.requireNonNull(status.get("urls")))
                .containsExactly(home.uri("").toString());
        assertThat(home.marina("status").exits(0).out()).contains("pid " + home.pid(), "3 contexts");

        List<Object> paths = Arrays.stream(
                        (Object[]) parse(home.marina("contexts", "--json").exits(0)))
                .<Object>map(context -> Objects.requireNonNull(((Map<?, ?>) context).get("path")))
                .toList();
        assertThat(paths).containsExactly("/app", "/broken", "/docs");
        assertThat(home.marina("contexts").exits(0).out()).contains("KIND", home.uri("/docs/") + " ");
    }

    @Test
    void restartsOneContext() {
        home.browser().awaitStatus("/app/pid", 200);
        String before = home.browser().body("/app/pid");
        assertThat(home.marina("restart", "/app").exits(0).out()).contains("/app");
        assertThat(home.browser().body("/app/pid")).isNotEqualTo(before);
        assertThat(home.marina("restart", "/broken").exits(1).err()).contains("/broken", "no-such-program");
        assertThat(home.marina("restart", "/none").exits(1).err()).contains("/none");
    }

    @Test
    void reloadsAGoodConfigurationAndRefusesABadOne() {
        home.configure(CONTEXTS + "  /new: { files: site }\n");
        home.marina("reload").exits(0);
        assertThat(home.browser().body("/new/")).isEqualTo("hello");

        home.configure(CONTEXTS + "  /new: { files: nowhere }\n  /x: {}\n");
        assertThat(home.marina("reload").exits(1).err().lines())
                .anyMatch(line -> line.startsWith("conf/server.yml:6:") && line.contains("nowhere"))
                .anyMatch(line -> line.startsWith("conf/server.yml:7:"));
        assertThat(home.browser().body("/new/")).isEqualTo("hello");
        home.configure(CONTEXTS);
        home.marina("reload").exits(0);
        assertThat(home.browser().get("/new/").statusCode()).isEqualTo(404);
    }

    private static Object parse(HomeUnderTest.Outcome outcome) {
        return new JSON().fromJSON(outcome.out());
    }
}
