package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Classes that tests compile. */
public final class Sources {
    private Sources() {}

    /** Compiles a source for the oldest Java there may be. */
    public static void compile(Path source, Path classes, List<Path> classPath) {
        String jars = classPath.stream().map(Path::toString).collect(Collectors.joining(":"));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-cp", jars, "-d", classes.toString(), source.toString());
        assertThat(status).isZero();
    }

    /** The jars of a folder whose names begin with one of these. */
    public static List<Path> jars(Path folder, String... names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> Stream.of(names).anyMatch(file.getFileName().toString()::startsWith))
                    .toList();
        }
    }
}
