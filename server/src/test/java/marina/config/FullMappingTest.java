package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import marina.testing.TestCertificates;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No key is read and dropped: all-keys.yml sets every component of every record to something that is not its default. */
class FullMappingTest {
    private static final String MINIMAL =
            """
            contexts:
              /command: { command: run }
              /war: { war: other.war }
              /upstream: { upstream: "http://127.0.0.1:1" }
              /files: { files: public }
              /cgi: { cgi: bin/other.sh }
            """;

    @TempDir
    Path base;

    private Instance instance = new Instance(Path.of(""));

    @BeforeEach
    void fill() throws IOException, URISyntaxException {
        TestCertificates.of("a.test").write(base, "tls");
        instance = new Instance(base)
                .file("conf/htpasswd", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=")
                .file("conf/groups", "clerk: anna")
                .file(
                        "conf/own.yml",
                        "users: { anna: { password: '{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=', roles: clerk } }")
                .file("conf/vector.toml", "")
                .file("conf/login.html", "<form method=post>{{fields}}</form>")
                .file("etc/passwd", "rails:x:1001:1002::/home/rails:/bin/sh\n")
                .file("etc/group", "web:x:1003:\n")
                .file("public/503.html", "")
                .file("public/404.html", "")
                .file("bin/sync.sh", "")
                .file("bin/other.sh", "")
                .file("webapps/other.war", "")
                .environment("MARINA_REGION", "syd")
                .folder("site");
    }

    private Instance withAllKeys() throws IOException, URISyntaxException {
        return instance.file("webapps/todo.war", "content")
                .file("conf/web.xml", "<web-app/>")
                .file("webapps/shop##1.war", "")
                .file("webapps/shop##2.war", "")
                .file("site/tmp/restart.txt", "now")
                .server(allKeys());
    }

    private static String allKeys() throws IOException, URISyntaxException {
        return Files.readString(
                Path.of(Objects.requireNonNull(FullMappingTest.class.getResource("/config/all-keys.yml"))
                        .toURI()));
    }

    @Test
    void everyComponentIsSetToSomethingElseThanItsDefault() throws Exception {
        Map<String, Set<Object>> defaults = new HashMap<>();
        collect(instance.server(MINIMAL).loadEverything(), defaults);
        Map<String, Set<Object>> set = new HashMap<>();
        collect(withAllKeys().loadEverything(), set);

        Set<String> unchanged = new TreeSet<>();
        set.forEach((component, values) -> {
            Set<Object> others = new HashSet<>(values);
            others.removeAll(defaults.getOrDefault(component, Set.of()));
            boolean nothing = others.stream().allMatch(FullMappingTest::isNothing);
            if (others.isEmpty() || nothing) {
                unchanged.add(component);
            }
        });
        assertThat(unchanged).isEmpty();
        assertThat(set.keySet()).containsAll(defaults.keySet());
    }

    @Test
    void theDumpOfEveryKeyIsReadBackAsTheSame() throws Exception {
        ServerConfig config = withAllKeys().loadEverything();
        String dump = new ConfigDump(instance.directories()).dump(config);
        assertThat(dump).doesNotContain("a-secret-of");
        // Of the secrets the dump has but a mask, and that is refused as a secret.
        String complete = dump.replaceAll("( secret: )['\"]?\\*{3}['\"]?", "$1a-secret-of-thirty-two-characters")
                .replaceFirst("(client_secret: )['\"]?\\*{3}['\"]?", "$1a-secret-of-the-provider");
        assertThat(instance.server(complete).loadEverything()).isEqualTo(config);
    }

    @Test
    void theManualMentionsEveryKeyThatTheReadersKnow() throws Exception {
        withAllKeys();
        Reading reading = new Reading(instance.directories(), instance.accounts());
        instance.loader(UnsupportedKeys.NONE).read(instance.path("conf/server.yml"), reading);
        String manual = Files.readString(Samples.home().resolve("docs/configuration.md"));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.knownKeys()).hasSizeGreaterThan(90).allSatisfy(key -> assertThat(manual)
                .containsPattern(Pattern.compile("`([A-Za-z_]+\\.)*" + key + "(\\.[A-Za-z_]+)*`")));
    }

    private static boolean isNothing(Object value) {
        return value.equals("") || value.equals(0) || value.equals(0L) || value.equals(Path.of(""));
    }

    private static void collect(Object value, Map<String, Set<Object>> found) throws ReflectiveOperationException {
        boolean fromOutside = value instanceof SourceLocation || value instanceof FileStamp;
        if (!fromOutside
                && value instanceof Record one
                && one.getClass().getPackage().equals(ServerConfig.class.getPackage())) {
            for (RecordComponent component : one.getClass().getRecordComponents()) {
                Object part = component.getAccessor().invoke(one);
                found.computeIfAbsent(
                                one.getClass().getSimpleName() + "." + component.getName(), key -> new HashSet<>())
                        .add(Objects.requireNonNull(part));
                collect(part, found);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Object part : map.values()) {
                collect(Objects.requireNonNull(part), found);
            }
        } else if (value instanceof Collection<?> parts) {
            for (Object part : parts) {
                collect(Objects.requireNonNull(part), found);
            }
        }
    }
}
