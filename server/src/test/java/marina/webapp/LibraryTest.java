package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import marina.config.EeLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LibraryTest {
    /** The server's lib/ is written by the same build, after the tests: its class path tells what will lie there. */
    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void noJarOfALevelIsOneOfTheServerToo(EeLevel level) throws IOException {
        Set<String> shared = Stream.of(System.getProperty("java.class.path").split(":", -1))
                .filter(entry -> entry.endsWith(".jar"))
                .map(LibraryTest::artifact)
                .collect(Collectors.toSet());
        try (Stream<Path> jars = Files.list(TestWar.lib(level))) {
            assertThat(jars.map(Path::toString).map(LibraryTest::artifact).toList())
                    .isNotEmpty()
                    .doesNotContainAnyElementsOf(shared);
        }
        assertThat(shared).contains("jetty-server", "jetty-session", "jetty-jndi", "jetty-xml", "slf4j-api");
    }

    private static String artifact(String jar) {
        return jar.substring(jar.lastIndexOf('/') + 1).replaceAll("-\\d.*", "");
    }
}
