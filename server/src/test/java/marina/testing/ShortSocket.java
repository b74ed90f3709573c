package marina.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The path of a Unix socket for each test; the folder of a test may be too deep for one. */
public final class ShortSocket implements BeforeEachCallback, AfterEachCallback {
    private Path socket = Path.of("");

    /** Where nothing lies at the beginning of a test. */
    public Path path() {
        return socket;
    }

    @Override
    public void beforeEach(ExtensionContext test) throws IOException {
        socket = Files.createTempDirectory("v").resolve("s");
    }

    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        Files.deleteIfExists(socket);
        Files.deleteIfExists(Objects.requireNonNull(socket.getParent()));
    }
}
