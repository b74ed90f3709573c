package marina.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The configuration samples of the documentation: what stands in a yaml fence. */
final class Samples {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```yaml( context)?\\n(.*?)^```$");

    /**
     * One sample.
     *
     * @param where file and line
     * @param isContext whether it is a file of conf/contexts
     * @param text the YAML
     */
    record Sample(String where, boolean isContext, String text) {
        @Override
        public String toString() {
            return where;
        }
    }

    private Samples() {}

    /** The checkout. */
    static Path home() {
        return Path.of(System.getProperty("marina.home", "..")).toAbsolutePath().normalize();
    }

    static List<Sample> all() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (Path file : documents()) {
            String text = Files.readString(file);
            Matcher matcher = FENCE.matcher(text);
            while (matcher.find()) {
                long line = text.substring(0, matcher.start()).lines().count() + 1;
                samples.add(
                        new Sample(home().relativize(file) + ":" + line, matcher.group(1) != null, matcher.group(2)));
            }
        }
        return samples;
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(home().resolve("docs"))) {
            return Stream.concat(Stream.of(home().resolve("README.md")), docs)
                    .filter(file -> file.toString().endsWith(".md") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }
}
