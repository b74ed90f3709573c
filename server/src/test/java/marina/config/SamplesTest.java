package marina.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation shows can be loaded. Files and users that a sample names exist only at the reader's. */
class SamplesTest {
    @TempDir
    Path base;

    static Stream<Samples.Sample> samples() throws IOException {
        return Samples.all().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isWithoutProblems(Samples.Sample sample) {
        Instance instance = new Instance(base)
                .environment("MARINA_REGION", "ewr")
                .environment("SECRET_KEY_BASE", "0123456789abcdef")
                .environment("SECRET_KEY", "0123456789abcdef");
        if (sample.text().startsWith("users:")) {
            instance.server("auth: { users: conf/users.yml }").file("conf/users.yml", sample.text());
        } else if (sample.isContext()) {
            instance.server("").file("conf/contexts/sample.yml", sample.text());
        } else {
            instance.server(sample.text());
        }
        List<String> problems = instance.problems()
                .lines()
                .filter(line -> !line.contains("\" does not exist") && !line.contains(" of this machine; create it"))
                .toList();
        assertThat(problems).isEmpty();
    }

    @Test
    void theDefaultConfigurationIsTheFourTodoLists() throws IOException {
        Instance instance = new Instance(base)
                .server(Files.readString(Samples.home().resolve("conf/server.yml")))
                .file("webapps/todo.war", "")
                .file("webapps/ROOT.war", "");
        ServerConfig config = instance.load();
        assertThat(config.contexts().keySet())
                .extracting(ContextPath::value)
                .containsExactly("/", "/sally/list1", "/sally/list2", "/sam/list1", "/sam/list2");
        assertThat(config.contexts().values())
                .extracting(context -> context.env().get("DATABASE_URL"))
                .doesNotHaveDuplicates();
    }

    /** One file for all machines: in the simulator each of them finds its address there; elsewhere all have the port 8080. */
    @Test
    void theExampleOfAFleetIsRead() throws IOException {
        Path file = Samples.home().resolve("examples/gameserver/fleet-example.yml");
        Instance instance = new Instance(base).server(Files.readString(file)).file("webapps/gameserver.war", "");
        ServerConfig elsewhere = instance.load();
        assertThat(elsewhere.listen())
                .extracting(ListenConfig::host, ListenConfig::port)
                .containsExactly(tuple("::", 8080));
        assertThat(elsewhere.contexts().values())
                .extracting(context -> context.path().value(), context -> context.placement()
                        .regions())
                .containsExactlyInAnyOrder(
                        tuple("/lobby", List.of()),
                        tuple("/gameserver/ewr", List.of("ewr")),
                        tuple("/gameserver/lhr", List.of("lhr")),
                        tuple("/gameserver/nrt", List.of("nrt")));

        ServerConfig simulated = instance.environment("FLEET_ADDRESS", "127.1.2.3")
                .environment("FLEET_DNS", "127.1.2.251:5353")
                .environment("FLY_REGION", "lhr")
                .load();
        assertThat(simulated.listen()).extracting(ListenConfig::host).containsExactly("127.1.2.3");
        assertThat(simulated.fleet().dnsServer()).isEqualTo("127.1.2.251:5353");
        assertThat(instance.context("/gameserver/ewr").env()).containsEntry("REGION", Template.literal("lhr"));
    }

    /** The comments of the default configuration are samples, too: uncommented, they are read. */
    @Test
    void theCommentsOfTheDefaultConfigurationAreRight() throws IOException {
        String yaml = Files.readString(Samples.home().resolve("conf/server.yml"))
                .replaceAll("(?m)^# ([a-z_]+:.*)$", "$1")
                .replaceAll("(?m)^#  ( ?[ a-z/].*)$", "  $1")
                .replaceAll("(?m)^    (war: shop.war|upstream: .*|files: .*|cgi: .*|app: shop)( .*)?$", "");
        Instance instance = new Instance(base)
                .server(yaml)
                .file("webapps/todo.war", "")
                .file("public/503.html", "")
                .file("site/shop/app.css", "")
                .file("data/files/report.pdf", "")
                .file("bin/sync.sh", "")
                .file("conf/htpasswd", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=");
        List<String> problems = instance.problems()
                .lines()
                .filter(line -> !line.contains("has no effect on command"))
                .toList();
        assertThat(problems).isEmpty();
        assertThat(yaml).contains("\nlog: {", "\n   start: [{", "\n  /example:", "\n    strip_path: false");
    }
}
