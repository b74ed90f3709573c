package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A load after another one reads what has changed, and says what a load says that reads everything. */
class RereadingTest {
    private static final int EDITS = 400;

    @TempDir
    private Path base;

    private Instance instance;
    private ConfigLoader again;

    @BeforeEach
    void fill() {
        instance = new Instance(base);
        instance.folder("site").folder("other").file("site/tmp/restart.txt", "");
        instance.file(
                "users.yml",
                "users: { ann: { password: \"$2y$05$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\" } }\n");
        again = loader();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomEditsOfRandomFilesAreReadAsByAFreshLoader(long seed) throws IOException {
        RandomSettings edits = new RandomSettings(new Random(seed));
        String text = edits.server();
        int kept = 0;
        int loaded = 0;
        ServerConfig before = null;
        for (int i = 0; i < EDITS; i++) {
            instance.server(text);
            Said fresh = say(loader());
            Said said = say(again);
            assertThat(said.text).as("seed %s, edit %s of\n%s", seed, i, text).isEqualTo(fresh.text);
            if (said.config != null) {
                loaded++;
                kept += before == null ? 0 : same(before, said.config);
                before = said.config;
            }
            text = edits.edit(said.config == null ? edits.server() : text);
            edits.disturb(base);
        }
        assertThat(loaded).as("edits that were no mistakes").isGreaterThan(EDITS / 8);
        assertThat(kept).as("contexts that were not read again").isGreaterThan(loaded / 2);
    }

    @Test
    void whatIsTheSameIsNotReadAgainAndKnowsItsNewPlace() {
        instance.server(many(100, "") + "services: { s: { command: [\"true\"] } }\n");
        ServerConfig first = again.load(server());
        instance.server(many(100, "  # a line more\n") + "services: { s: { command: [\"true\"] } }\n");
        ServerConfig second = again.load(server());

        assertThat(same(first, second))
                .as("contexts above the new line")
                .isEqualTo(49); // the comment belongs to the one before it
        assertThat(content(second, 99)).isSameAs(content(first, 99));
        assertThat(source(second, 49)).isEqualTo(source(first, 49));
        assertThat(source(second, 99).line()).isEqualTo(source(first, 99).line() + 1);
        assertThat(service(second).line()).isEqualTo(service(first).line() + 1);
    }

    @Test
    void aChangedLineLeavesAllOtherContextsAsTheyAre() {
        instance.server(many(100, ""));
        ServerConfig first = again.load(server());
        instance.server(many(100, "").replace("t50/\"", "t50/other\""));
        ServerConfig second = again.load(server());

        assertThat(same(first, second)).isEqualTo(99);
        assertThat(second.contexts().get(path(50)))
                .isNotEqualTo(first.contexts().get(path(50)));
    }

    @Test
    void aFolderThatIsGoneIsMissedAlsoInAContextThatDidNotChange() throws IOException {
        instance.server(many(10, "  /folder: { files: other }\n"));
        again.load(server());
        Files.delete(instance.path("other"));
        instance.server(many(10, "  /folder: { files: other }\n").replace("t3/\"", "t3/x\""));

        assertThat(say(again).text).contains("contexts./folder.files: \"other\" does not exist");
        instance.folder("other");
        assertThat(say(again).text).isEqualTo(say(loader()).text).doesNotContain("does not exist");
    }

    @Test
    void aTouchedReleaseIsNoticedInAContextThatDidNotChange() throws IOException {
        instance.server(many(10, "  /app: { command: [\"true\"], directory: site }\n"));
        ServerConfig first = again.load(server());
        Files.writeString(instance.path("site/tmp/restart.txt"), "again");
        ServerConfig second = again.load(server());

        ContextPath app = new ContextPath("/app");
        assertThat(second.contexts().get(app)).isNotEqualTo(first.contexts().get(app));
        assertThat(same(first, second)).isEqualTo(10);
    }

    @Test
    void aFileInConfContextsIsReadAgainWhenItHasChanged() {
        instance.server("").file("conf/contexts/a.yml", "files: site\n").file("conf/contexts/b.yml", "files: site\n");
        ServerConfig first = again.load(server());
        instance.file("conf/contexts/b.yml", "files: other\n");
        ServerConfig second = again.load(server());

        assertThat(same(first, second)).isEqualTo(1);
        assertThat(say(again).text).isEqualTo(say(loader()).text);
    }

    @Test
    void whatContextsInheritIsReadByAllOfThem() {
        String contexts = many(10, "");
        instance.server("defaults: { timeouts: { answer: 10s } }\n" + contexts);
        again.load(server());
        instance.server("defaults: { timeouts: { answer: 20s } }\n" + contexts);

        assertThat(say(again).text).isEqualTo(say(loader()).text).contains("PT20S");
    }

    @Test
    void aContextThatIsWrittenTwiceIsFoundWhereverTheOtherOneStands() {
        instance.server(many(10, ""));
        again.load(server());
        instance.server(many(10, "  /t9: { files: site }\n"));
        assertThat(say(again).text).isEqualTo(say(loader()).text).contains("is written twice");

        instance.server(many(10, ""));
        again.load(server());
        instance.file("conf/contexts/t3.yml", "files: site\n");
        assertThat(say(again).text).isEqualTo(say(loader()).text).contains("is already defined");
    }

    private static String many(int contexts, String inTheMiddle) {
        StringBuilder text = new StringBuilder("health: /up\ncontexts:\n".replace("health: /up\n", ""));
        for (int i = 0; i < contexts; i++) {
            text.append(i == contexts / 2 ? inTheMiddle : "");
            text.append("  /t")
                    .append(i)
                    .append(": { upstream: \"http://127.0.0.1:1/t")
                    .append(i)
                    .append("/\" }\n");
        }
        return text.toString();
    }

    private static ContextPath path(int context) {
        return new ContextPath("/t" + context);
    }

    private static ContextConfig context(ServerConfig config, int context) {
        return Objects.requireNonNull(config.contexts().get(path(context)));
    }

    private static SourceLocation service(ServerConfig config) {
        return Objects.requireNonNull(config.services().get("s")).source();
    }

    private static Content content(ServerConfig config, int context) {
        return context(config, context).content();
    }

    private static SourceLocation source(ServerConfig config, int context) {
        return context(config, context).source();
    }

    @SuppressWarnings("ReferenceEquality") // that is what is asked
    private static int same(ServerConfig one, ServerConfig other) {
        return (int) one.contexts().values().stream()
                .filter(context -> other.contexts().get(context.path()) == context)
                .count();
    }

    private Path server() {
        return instance.path("conf/server.yml");
    }

    private ConfigLoader loader() {
        return instance.loader(UnsupportedKeys.CURRENT);
    }

    /** The configuration, or its problems, and what is worth saying beside. */
    private record Said(@org.jspecify.annotations.Nullable ServerConfig config, String text) {}

    private Said say(ConfigLoader loader) {
        List<ConfigNote> notes = new ArrayList<>();
        try {
            ServerConfig config = loader.load(server(), notes::add);
            return new Said(config, config + "\n" + notes);
        } catch (ConfigException e) {
            return new Said(null, e.problems() + "\n" + notes);
        }
    }
}
