package marina;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerArgumentsTest {

    @Test
    void thoseOfAStartAreUnderstood() {
        assertThat(ServerArguments.of("run")).hasValue(new ServerArguments(false, Path.of("")));
        assertThat(ServerArguments.of("run", "--background", "-c", "other.yml"))
                .hasValue(new ServerArguments(true, Path.of("other.yml")));
        assertThat(ServerArguments.of("run", "--config", "other.yml"))
                .hasValue(new ServerArguments(false, Path.of("other.yml")));
    }

    /** Which knows what to say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "stop",
                "run --help",
                "run -c",
                "run -c --background",
                "run --cofnig x",
                "run --json",
                "run x"
            })
    void allElseIsLeftToPicocli(String line) {
        assertThat(ServerArguments.of(line.isEmpty() ? new String[0] : line.split(" ", -1)))
                .isEmpty();
    }
}
