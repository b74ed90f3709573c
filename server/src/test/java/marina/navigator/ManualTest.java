package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/from-navigator.md shows can be loaded, and nothing in it is unknown. */
class ManualTest {
    private static final Path MANUAL = Path.of(System.getProperty("marina.home", ".."), "docs", "from-navigator.md");

    @TempDir
    private Path base;

    @Test
    void itsSamplesHaveNoProblemsAndNoWarnings() throws IOException {
        Matcher sample = Pattern.compile("(?ms)^```yaml navigator\\n(.*?)^```$").matcher(Files.readString(MANUAL));
        List<String> samples = new ArrayList<>();
        while (sample.find()) {
            samples.add(sample.group(1));
        }
        assertThat(samples).isNotEmpty().allSatisfy(text -> {
            NavigatorBed bed = ProductionShape.fill(new NavigatorBed(base)).navigator(text);
            assertThat(bed.problems()).isEmpty();
            assertThat(bed.notes()).noneMatch(note -> note.contains(": warning: ") || note.contains(": deprecated: "));
            MarinaUnderTest.write(base, "conf/server.yml", bed.converted(base));
            assertThat(bed.dump("conf/server.yml")).isEqualTo(bed.dump(NavigatorBed.FILE));
        });
    }

    /** The table has a line for each key of the file that has every key. */
    @Test
    void itTellsOfEveryKey() throws Exception {
        String manual = Files.readString(MANUAL);
        Path file = Path.of(Objects.requireNonNull(ManualTest.class.getResource("/navigator/every-key.conftest"))
                .toURI());
        String every = Files.readString(file).split("----------", -1)[0];
        Matcher top = Pattern.compile("(?m)^([a-z_]+):").matcher(every);
        while (top.find()) {
            assertThat(manual).contains("| `" + top.group(1));
        }
        Matcher below = Pattern.compile("(?m)^  ([a-z_]+):").matcher(every);
        while (below.find()) {
            assertThat(manual).containsPattern("`[a-z_.\\[\\]]*" + below.group(1) + "[`.\\[*]");
        }
    }
}
