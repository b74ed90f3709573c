package marina.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every message that docs/troubleshooting.md explains is one that Marina can say. */
class TroubleshootingTest {
    private static final Path HOME =
            Path.of(System.getProperty("marina.home", "..")).toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("(?ms)^```message\\n(.*?)^```$");
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    /** A shorter piece could stand anywhere. */
    private static final int SHORTEST = 4;

    @Test
    void quotesOnlyWhatTheCodeSays() throws IOException {
        List<String> sources = sources();
        List<String> messages = messages();
        assertThat(messages).hasSizeGreaterThan(30);
        assertThat(messages).allSatisfy(message -> {
            List<String> pieces = Stream.of(message.split("…", -1))
                    .map(String::strip)
                    .filter(piece -> piece.length() >= SHORTEST)
                    .toList();
            assertThat(pieces).isNotEmpty();
            assertThat(sources).anyMatch(source -> pieces.stream().allMatch(source::contains));
        });
    }

    private static List<String> messages() throws IOException {
        List<String> messages = new ArrayList<>();
        Matcher fence = FENCE.matcher(Files.readString(HOME.resolve("docs/troubleshooting.md")));
        while (fence.find()) {
            messages.addAll(fence.group(1).lines().toList());
        }
        return messages;
    }

    /** The code, with texts that are broken over lines put together. */
    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        sources.add(text(HOME.resolve("bin/marina.sh")));
        try (Stream<Path> files = Files.walk(HOME.resolve("server/src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                sources.add(text(file));
            }
        }
        return sources;
    }

    private static String text(Path file) throws IOException {
        return JOINT.matcher(Files.readString(file)).replaceAll("").replace("\\\"", "\"");
    }
}
