package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every key that a table of the manual names is one that the readers know, at the place where the table says. */
class DocumentedKeysTest {
    private static final Pattern NAME = Pattern.compile("`([a-z_]+(?:\\.[a-zA-Z_]+)*)`");

    /** Where the keys of a table are written, by the head of the table; {@code @} stands for them. */
    private static final Map<String, List<String>> PLACES = Map.ofEntries(
            Map.entry("key of `auth`", List.of("auth: { users: conf/users.yml, @ }")),
            Map.entry(
                    "key of `form` and `oidc`",
                    List.of("auth: { users: conf/users.yml, form: { @ } }", "auth: { oidc: { @ } }")),
            Map.entry("key of `oidc`", List.of("auth: { oidc: { @ } }")),
            Map.entry("key of `cable`", List.of("cable: { path: /live, @ }")),
            Map.entry("key of a route", List.of("routes: { match: \"^/x\", @ }")),
            Map.entry("key of `acme`", List.of("listen: { port: 443, tls: { acme: { @ } } }")),
            Map.entry("key of a service", List.of("services: { x: { @ } }")),
            Map.entry(
                    "key below `upstream`",
                    List.of("contexts: { /x: { upstream: { members: [{ url: \"http://127.0.0.1:1\" }], @ } } }")),
            Map.entry("key of `public`", List.of("public: { directory: site, @ }")),
            Map.entry("key of `cgi`", List.of("contexts: { /x: { cgi: { script: bin/x, @ } } }")),
            Map.entry("key of `replay`", List.of("routes: { match: \"^/x\", replay: { @ } }")),
            Map.entry("key of `admin`", List.of("admin: { @ }")));

    /** The kinds of contexts, as the tables of contexts name them; the first that is named in a row is taken. */
    private static final Map<String, String> KINDS = Map.of(
            "war", "war: x.war",
            "command", "command: x",
            "upstream", "upstream: \"http://127.0.0.1:1\"",
            "cgi", "cgi: bin/x",
            "process", "command: x",
            "all", "command: x");

    @TempDir
    private Path base;

    /**
     * A row.
     *
     * @param head the first cell of its table
     * @param section the heading above
     * @param kinds the second cell
     */
    private record Row(String section, String head, String key, String kinds, int line) {
        List<String> places() {
            List<String> own = PLACES.get(head);
            if (own != null) {
                return key.startsWith("members.") ? List.of("contexts: { /x: { upstream: { @ } } }") : own;
            }
            if (section.equals("Contexts") || section.equals("Members of an upstream")) {
                String kind = KINDS.getOrDefault(kinds.split("[ ,]", 2)[0], "");
                return List.of(
                        "contexts: { /x: { " + (kind.isEmpty() || kind.startsWith(key) ? "" : kind + ", ") + "@ } }");
            }
            return List.of(section.equals("Certificates by ACME") ? "hooks: { start: { @ } }" : "@");
        }

        @Override
        public String toString() {
            return "line " + line + ": " + key;
        }
    }

    @TestFactory
    Stream<DynamicTest> whatTheManualNamesIsKnown() throws IOException {
        List<Row> rows = rows();
        assertThat(rows).hasSizeGreaterThan(200);
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> {
                    for (String place : row.places()) {
                        if (!row.key().equals("page") || !place.contains("oidc")) { // of form only, as its row says
                            assertThat(unknown(place, nested(row.key())))
                                    .as(place)
                                    .isEmpty();
                            assertThat(unknown(place, nested(row.key() + "_no")).isEmpty())
                                    .as("whether anything may be written there")
                                    .isEqualTo(row.key().matches("(apps|contexts)\\.[A-Z]+"));
                        }
                    }
                }));
    }

    /** The problems that are unknown keys. */
    private List<String> unknown(String place, String keys) {
        Instance instance = new Instance(base)
                .folder("site")
                .file("bin/x", "")
                .file("webapps/x.war", "")
                .file("conf/users.yml", "");
        Reading reading =
                new Reading(instance.server(place.replace("@", keys) + "\n").directories(), instance.accounts());
        instance.loader(UnsupportedKeys.NONE).read(instance.path("conf/server.yml"), reading);
        return reading.problems().stream()
                .map(ConfigProblem::toString)
                .filter(problem -> problem.contains("unknown key"))
                .toList();
    }

    /** {@code a.b} as {@code a: { b: }}. */
    private static String nested(String key) {
        String[] steps = key.split("\\.", -1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.length; i++) {
            String step = steps[i].equals("PATH") ? "/x" : steps[i];
            text.append(i == 0 ? "" : " { ").append(step).append(":");
        }
        return text + " }".repeat(steps.length - 1);
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        String section = "";
        String head = "";
        int number = 0;
        for (String line : Files.readAllLines(Samples.home().resolve("docs/configuration.md"))) {
            number++;
            if (line.startsWith("#")) {
                section = line.replaceFirst("^#+ ", "");
            }
            String[] cells = line.startsWith("| ") ? line.substring(2).split(" *\\| *", -1) : new String[] {""};
            if (cells[0].startsWith("key")) {
                head = cells[0];
            } else if (cells[0].isEmpty() && !line.startsWith("|")) {
                head = "";
            } else if (!head.isEmpty() && line.startsWith("| `")) {
                Matcher names = NAME.matcher(cells[0].split(", of ", 2)[0]);
                while (names.find()) {
                    rows.add(new Row(section, head, names.group(1), cells[1], number));
                }
            }
        }
        return rows;
    }
}
