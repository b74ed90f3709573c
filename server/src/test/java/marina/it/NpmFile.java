package marina.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Turbo, as npm has it, fetched once below target; without npm the test is skipped, and says so. */
final class NpmFile {
    private static final String PACKAGE = "@hotwired/turbo@8.0.23";
    private static final Path FOLDER = Path.of("target", "npm-turbo").toAbsolutePath();
    private static final Path FILE = FOLDER.resolve("node_modules/@hotwired/turbo/dist/turbo.es2017-esm.js");

    private NpmFile() {}

    /** Its module for browsers. */
    static Path turbo() {
        if (!Files.exists(FILE)) {
            install();
        }
        return FILE;
    }

    private static void install() {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve("package.json"), "{ \"private\": true }\n");
            Process npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--no-save", PACKAGE)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(2, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroy();
                skip("npm cannot install " + PACKAGE + "; see " + FOLDER.resolve("npm.log"));
            }
        } catch (IOException e) {
            skip(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            skip("interrupted");
        }
    }

    private static void skip(String reason) {
        String message = "SKIPPED, pages are not tried with Turbo: " + reason;
        System.err.println(message);
        Assumptions.abort(message);
        throw new UncheckedIOException(new IOException(message));
    }
}
