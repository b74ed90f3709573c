package marina.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Cloudflare's runtime (workerd) as npm has it, installed once below target. Tests are skipped, and say so, without it. */
final class Miniflare {
    private static final String VERSION = "4.20250906.0"; // runs on Node 18 and later
    private static final Path FOLDER = Path.of("target", "npm").toAbsolutePath();

    private Miniflare() {}

    /** The folder with its node_modules. */
    static Path installed() {
        try {
            Files.createDirectories(FOLDER);
            // Tests run in two JVMs; one of them installs.
            try (FileChannel file = FileChannel.open(
                            FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                if (lock.isValid() && !Files.exists(FOLDER.resolve("done"))) {
                    install();
                }
            }
        } catch (IOException e) {
            skip(e.toString());
        }
        return FOLDER;
    }

    private static void install() throws IOException {
        Path log = FOLDER.resolve("npm.log");
        Files.writeString(FOLDER.resolve("package.json"), "{ \"private\": true }\n");
        Process npm = new ProcessBuilder(
                        "npm", "install", "--no-audit", "--no-fund", "--no-save", "miniflare@" + VERSION)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroy();
                skip("npm cannot install miniflare; see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            skip("interrupted");
        }
        Files.createFile(FOLDER.resolve("done"));
    }

    private static void skip(String reason) {
        String message = "SKIPPED, the Worker is not tried in workerd: " + reason;
        System.err.println(message);
        Assumptions.abort(message);
        throw new UncheckedIOException(new IOException(message));
    }
}
