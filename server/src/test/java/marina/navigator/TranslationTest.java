package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each {@code .conftest} file is a file for Navigator and, after {@code ---------- native}, what {@code convert} makes of it, word by
 * word (the folder is BASE). Both are loaded: neither may have a problem, and they are the same configuration.
 */
class TranslationTest {
    private static final String SEPARATOR = "---------- native\n";

    @TempDir
    Path base;

    static Stream<String> cases() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(TranslationTest.class.getResource("/navigator"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".conftest"))
                    .sorted()
                    .toList();
            return names.stream();
        }
    }

    /** An application's folder with what the files name. */
    static NavigatorBed bed(Path base) {
        return new NavigatorBed(base)
                .passwords()
                .program("bin/update.sh", "true")
                .file("public/index.html", "")
                .file("public/sorry.html", "")
                .file("rails/main.ts", "")
                .file("vector.toml", "");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isWhatConvertPrints(String name) throws IOException, URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(TranslationTest.class.getResource("/navigator/" + name))
                .toURI());
        String[] parts = Files.readString(file).split(SEPARATOR, -1);
        NavigatorBed bed = bed(base).navigator(parts[0]);
        assertThat(bed.problems()).isEmpty();
        String printed = bed.converted(base);
        assertThat(printed.replace(base.toString(), "BASE")).isEqualTo(parts[1]);

        MarinaUnderTest.write(base, "conf/server.yml", printed);
        assertThat(bed.dump("conf/server.yml")).isEqualTo(bed.dump(NavigatorBed.FILE));
    }
}
