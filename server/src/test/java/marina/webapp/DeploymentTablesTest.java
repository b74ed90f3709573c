package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import marina.testing.ClientLoad;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tomcat's tables of automatic deployment: what is there, what happens to it, what answers before and after. All of it by
 * nothing but files, under the requests of clients none of which fails.
 *
 * <p>{@code descriptor} is a file in conf/contexts, which names {@code external}, an archive outside of the instance, if
 * that is there, else {@code war}, which like {@code folder} lies in webapps. An answer ends in {@code *} where the
 * descriptor is in effect.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class DeploymentTablesTest {
    private DeploymentBed bed;
    private int rows;

    /** Whether the application that answers afterwards is another one than before. */
    enum Then {
        STARTED,
        REDEPLOYED,
        UNTOUCHED,
        UNDEPLOYED
    }

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        bed = new DeploymentBed(folder);
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @ParameterizedTest(name = "{0}; new {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    nothing                         | war        | 404         | war 1       | STARTED
                    nothing                         | folder     | 404         | folder 1    | STARTED
                    external                        | descriptor | 404         | external 1* | STARTED
                    folder                          | war        | folder 1    | war 1       | REDEPLOYED
                    war                             | folder     | war 1       | war 1       | UNTOUCHED
                    war                             | descriptor | war 1       | war 1*      | REDEPLOYED
                    war folder                      | descriptor | war 1       | war 1*      | REDEPLOYED
                    war external                    | descriptor | war 1       | external 1* | REDEPLOYED
                    folder external                 | descriptor | folder 1    | external 1* | REDEPLOYED
                    war folder external             | descriptor | war 1       | external 1* | REDEPLOYED
                    external descriptor             | war        | external 1* | external 1* | UNTOUCHED
                    external descriptor             | folder     | external 1* | external 1* | UNTOUCHED
                    external descriptor war         | folder     | external 1* | external 1* | UNTOUCHED
                    external descriptor folder      | war        | external 1* | external 1* | UNTOUCHED
                    war descriptor                  | folder     | war 1*      | war 1*      | UNTOUCHED
                    """)
    void somethingNew(String there, String what, String before, String after, Then then) throws Exception {
        Row row = new Row(there);
        row.change(() -> row.put(what, 1), before, after, then);
    }

    @ParameterizedTest(name = "{0}; {1} deleted")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    war                             | war        | war 1       | 404         | UNDEPLOYED
                    folder                          | folder     | folder 1    | 404         | UNDEPLOYED
                    war folder                      | war        | war 1       | folder 1    | REDEPLOYED
                    war folder                      | folder     | war 1       | war 1       | UNTOUCHED
                    external descriptor             | descriptor | external 1* | 404         | UNDEPLOYED
                    external descriptor war         | descriptor | external 1* | war 1       | REDEPLOYED
                    external descriptor folder      | descriptor | external 1* | folder 1    | REDEPLOYED
                    external descriptor war folder  | descriptor | external 1* | war 1       | REDEPLOYED
                    external descriptor war         | war        | external 1* | external 1* | UNTOUCHED
                    external descriptor folder      | folder     | external 1* | external 1* | UNTOUCHED
                    external descriptor war folder  | folder     | external 1* | external 1* | UNTOUCHED
                    war descriptor                  | descriptor | war 1*      | war 1       | REDEPLOYED
                    war folder descriptor           | folder     | war 1*      | war 1*      | UNTOUCHED
                    """)
    void somethingDeleted(String there, String what, String before, String after, Then then) throws Exception {
        Row row = new Row(there);
        row.change(() -> bed.delete(row.place(what)), before, after, then);
    }

    @ParameterizedTest(name = "{0}; {1} modified")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    war                             | war        | war 1       | war 2       | REDEPLOYED
                    folder                          | folder     | folder 1    | folder 2    | REDEPLOYED
                    war folder                      | war        | war 1       | war 2       | REDEPLOYED
                    war folder                      | folder     | war 1       | war 1       | UNTOUCHED
                    war descriptor                  | war        | war 1*      | war 2*      | REDEPLOYED
                    war descriptor                  | descriptor | war 1*      | war 1**     | REDEPLOYED
                    external descriptor             | external   | external 1* | external 2* | REDEPLOYED
                    external descriptor             | descriptor | external 1* | external 1** | REDEPLOYED
                    external descriptor war         | war        | external 1* | external 1* | UNTOUCHED
                    external descriptor folder      | folder     | external 1* | external 1* | UNTOUCHED
                    external descriptor war folder  | external   | external 1* | external 2* | REDEPLOYED
                    """)
    void somethingModified(String there, String what, String before, String after, Then then) throws Exception {
        Row row = new Row(there);
        row.change(
                () -> {
                    row.put(what, 2);
                    if (what.equals("folder")) {
                        row.touch(what);
                    }
                },
                before,
                after,
                then);
    }

    @ParameterizedTest(name = "{0}; {1} touched")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    war                             | war        | war 1       | war 1       | REDEPLOYED
                    folder                          | folder     | folder 1    | folder 1    | REDEPLOYED
                    war descriptor                  | war        | war 1*      | war 1*      | REDEPLOYED
                    war descriptor                  | descriptor | war 1*      | war 1*      | REDEPLOYED
                    external descriptor             | external   | external 1* | external 1* | REDEPLOYED
                    external descriptor             | descriptor | external 1* | external 1* | REDEPLOYED
                    external descriptor war         | war        | external 1* | external 1* | UNTOUCHED
                    """)
    void somethingTouched(String there, String what, String before, String after, Then then) throws Exception {
        Row row = new Row(there);
        row.change(() -> row.touch(what), before, after, then);
    }

    private interface Deed {
        void happens() throws IOException;
    }

    /** A context of its own in the one server. */
    private final class Row {
        private final String name = "row" + ++rows;
        private final List<String> there;

        Row(String there) throws IOException {
            this.there = there.equals("nothing") ? List.of() : List.of(there.split(" "));
            for (String what : this.there) {
                put(what, 1);
            }
        }

        Path place(String what) {
            return switch (what) {
                case "war" -> bed.path("webapps/" + name + ".war");
                case "folder" -> bed.path("webapps/" + name);
                case "descriptor" -> bed.path("conf/contexts/" + name + ".yml");
                default -> bed.outside(name + ".war");
            };
        }

        void put(String what, int version) throws IOException {
            switch (what) {
                case "folder" -> bed.folder(place(what), "folder " + version);
                case "descriptor" -> {
                    String archive =
                            there.contains("external") ? place("external").toString() : name + ".war";
                    bed.write(place(what), "war: " + archive + "\nenv: { WHO: \"" + "*".repeat(version) + "\" }\n");
                }
                default -> bed.war(place(what), what + " " + version);
            }
        }

        void touch(String what) throws IOException {
            Path file = what.equals("folder") ? place(what).resolve("WEB-INF/web.xml") : place(what);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
        }

        void change(Deed deed, String before, String after, Then then) throws Exception {
            String context = "/" + name;
            bed.awaitReload();
            bed.awaitText(context, before);
            String born = bed.born(context);
            ClientLoad load = ClientLoad.on(bed.marina(), context + "/do", 2);
            deed.happens();
            bed.awaitReload();
            bed.awaitText(context, after);
            if (then == Then.REDEPLOYED) {
                Awaitility.await("another generation")
                        .atMost(DeploymentBed.PATIENCE)
                        .until(() -> !bed.born(context).equals(born));
            }
            if (then == Then.UNTOUCHED) {
                assertThat(bed.born(context)).isEqualTo(born);
            }
            Queue<String> bad = load.stop();
            assertThat(bad).as("answers other than 200").allMatch(answer -> mayFail(answer, before, then));
            assertThat(load.bodies()).allMatch(body -> body.startsWith(before + "#") || body.startsWith(after + "#"));
            bed.assertNothingOfTheOperatorWasTouched();
        }

        /** Only where nothing is deployed, and by an application whose files are being deleted. */
        private boolean mayFail(String answer, String before, Then then) {
            boolean gone = then == Then.UNDEPLOYED && before.startsWith("folder") && answer.startsWith("500");
            boolean deployed = then == Then.REDEPLOYED || then == Then.UNTOUCHED;
            return gone || (!deployed && answer.startsWith("404"));
        }
    }
}
