package marina.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real Rails application of lists, src/test/resources/apps/rails-lists; without Rails its tests are skipped, and say so. */
final class RailsLists {

    /** A password file with sam, whose password is "test". */
    static final String PASSWORDS = "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n";

    /** Who may enter. */
    static final String SAM = "sam:test";

    private static final Path SOURCE = Apps.FOLDER.resolve("rails-lists");
    private static final String NEEDED = "%w[rails puma sqlite3].each { |name| require name }";

    private RailsLists() {}

    /** Copies it into a folder. */
    static void copyTo(Path folder) {
        require("ruby", "-e", NEEDED);
        try (Stream<Path> all = Files.walk(SOURCE)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                Path copy = folder.resolve(SOURCE.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
            boolean unused = folder.resolve("bin/rails").toFile().setExecutable(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page of a list after somebody has put something on it. */
    static String add(Visitor visitor, String list, String text) {
        String page = visitor.page(list);
        String token = Visitor.find(page, "name=\"authenticity_token\" value=\"([^\"]+)\"");
        String action = Visitor.find(page, "<form action=\"([^\"]+)\"");
        return visitor.form(action, Map.of("authenticity_token", token, "item[text]", text));
    }

    /** The process that has made a page. */
    static long pid(String page) {
        return Long.parseLong(Visitor.find(page, "process (\\d+)"));
    }

    /** Skips the test where a program does not run. */
    static void require(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return;
            }
            process.destroyForcibly();
        } catch (IOException e) {
            // it is not there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String message =
                "SKIPPED, this does not run: " + String.join(" ", command) + "; .ci/run installs what it needs";
        System.err.println(message);
        Assumptions.abort(message);
    }
}
