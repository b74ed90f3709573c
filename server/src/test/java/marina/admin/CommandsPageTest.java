package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import marina.config.Directories;
import marina.testing.MarinaUnderTest;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.OptionSpec;

/** docs/commands.md says what the commands do, and they do what it says. */
class CommandsPageTest {
    private static final Set<String> OF_ALL = Set.of("-c", "--config", "--json", "-h", "--help");

    @TempDir
    private Path base;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private picocli.CommandLine line() {
        return new CommandLine(new Directories(base, base), Map.of())
                .picocli()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return line().execute(arguments);
    }

    private static List<String> rows() throws IOException {
        String page = Files.readString(Path.of("../docs/commands.md"));
        return page.substring(0, page.indexOf("All verbs take"))
                .lines()
                .filter(row -> row.startsWith("| `"))
                .toList();
    }

    @Test
    void thePageNamesEveryVerbWithItsOptions() throws IOException {
        Set<String> written = new TreeSet<>();
        for (String row : rows()) {
            String first = row.split(" \\| ", -1)[0];
            written.addAll(Pattern.compile("`([a-z]+)")
                    .matcher(first)
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .collect(Collectors.toSet()));
        }
        Set<String> known = line().getSubcommands().entrySet().stream()
                .filter(verb -> !verb.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        known.addAll(Set.of("run", "archive")); // which the program adds
        assertThat(written).isEqualTo(known);
        line().getSubcommands().forEach((verb, command) -> {
            for (OptionSpec option : command.getCommandSpec().options()) {
                boolean ofAll = Arrays.stream(option.names()).anyMatch(OF_ALL::contains);
                if (!ofAll && !option.hidden() && known.contains(verb)) {
                    assertThat(row(verb)).as(verb).contains(option.longestName().replaceFirst("^-force", "--force"));
                }
            }
        });
    }

    private static String row(String verb) {
        try {
            return rows().stream()
                    .filter(row -> row.split(" \\| ", -1)[0].contains("`" + verb))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyVerbAnswersInOneLineOfJson() {
        MarinaUnderTest.write(base, "conf/server.yml", "listen: 1\ncontexts: { /a: { files: conf } }\n");
        for (String verb :
                List.of("version", "dump", "check", "history", "status", "contexts", "reload", "leases", "help")) {
            int status = run(verb, "--json");
            if (verb.equals("help")) {
                continue;
            }
            assertThat(out.toString().strip().lines().toList()).as(verb).hasSize(1);
            Map<?, ?> json = (Map<?, ?>) new JSON().fromJSON(out.toString());
            assertThat(err.toString()).as(verb).isEmpty();
            if (status != 0) {
                assertThat(status).as(verb).isEqualTo(3);
                assertThat(json.get("succeeded")).isEqualTo(false);
            }
        }
        run("dump", "--json");
        assertThat(((Map<?, ?>) new JSON().fromJSON(out.toString())).get("contexts"))
                .isInstanceOfSatisfying(
                        Map.class, contexts -> assertThat(contexts.get("/a")).isNotNull());
        MarinaUnderTest.write(base, "conf/server.yml", "lisen: 1\n");
        assertThat(run("check", "--json")).isEqualTo(1);
        assertThat(out.toString()).contains("\"problems\":[\"conf/server.yml:1:1: ");
    }

    @Test
    void helpTellsOfAVerb() {
        assertThat(run("help", "rollback")).isZero();
        assertThat(out.toString()).contains("go back to a former configuration").doesNotContain("\033");
        assertThat(run("help", "rolback")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no verb \"rolback\"");
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("top ", "start ", "completion ").doesNotContain("await");
    }
}
