package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Each {@code .conftest} file is a configuration and what comes of it. It begins with conf/server.yml; a line
 * {@code === NAME} begins another file, {@code === NAME/} makes a folder, {@code === NAME=VALUE} sets a variable. After
 * {@code ---------- problems} stand all problems exactly (the folder is BASE), after
 * {@code ---------- dump} what the dump must hold at least.
 */
class GoldenTest {
    @TempDir
    Path base;

    static Stream<String> cases() throws IOException, URISyntaxException {
        URI folder =
                Objects.requireNonNull(GoldenTest.class.getResource("/config")).toURI();
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".conftest"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void holds(String name) throws IOException, URISyntaxException {
        URI file = Objects.requireNonNull(GoldenTest.class.getResource("/config/" + name))
                .toURI();
        String text = Files.readString(Path.of(file));
        Instance instance = new Instance(base);
        if (text.contains("\n---------- problems\n")) {
            String[] parts = text.split("\n---------- problems\n", -1);
            fill(instance, parts[0]);
            assertThat(instance.problems().replace(base.toString(), "BASE")).isEqualTo(parts[1].strip());
        } else {
            String[] parts = text.split("\n---------- dump\n", -1);
            fill(instance, parts[0]);
            ServerConfig config = instance.load();
            String dump = new ConfigDump(instance.directories()).dump(config);
            assertContains("", yaml(dump), yaml(parts[1]));
        }
    }

    private static void fill(Instance instance, String text) {
        String name = "conf/server.yml";
        StringBuilder content = new StringBuilder();
        for (String line : (text + "\n=== end/").lines().toList()) {
            if (!line.startsWith("=== ")) {
                content.append(line).append('\n');
                continue;
            }
            begin(instance, name, content.toString());
            name = line.substring("=== ".length());
            content.setLength(0);
        }
    }

    private static void begin(Instance instance, String name, String content) {
        int equals = name.indexOf('=');
        if (equals > 0) {
            instance.environment(name.substring(0, equals), name.substring(equals + 1));
        } else if (name.endsWith("/")) {
            instance.folder(name);
        } else {
            instance.file(name, content);
        }
    }

    private static Object yaml(String text) {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new CoreSchema()).build();
        return Objects.requireNonNull(new Load(settings).loadFromString(text));
    }

    private static void assertContains(String where, Object actual, Object expected) {
        if (expected instanceof Map<?, ?> keys && actual instanceof Map<?, ?> found) {
            keys.forEach((key, value) -> {
                assertThat(found.containsKey(key)).as(where + "." + key).isTrue();
                assertContains(where + "." + key, Objects.requireNonNull(found.get(key)), value);
            });
            if (keys.isEmpty()) {
                assertThat(found.keySet()).as(where).isEmpty();
            }
        } else if (expected instanceof List<?> items && actual instanceof List<?> found) {
            assertThat(found).as(where).hasSize(items.size());
            for (int i = 0; i < items.size(); i++) {
                assertContains(where + "[" + i + "]", found.get(i), items.get(i));
            }
        } else {
            assertThat(actual).as(where).isEqualTo(expected);
        }
    }
}
