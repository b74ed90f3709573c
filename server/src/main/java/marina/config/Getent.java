package marina.config;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks getent(1), which knows what NSS knows. Only for names that /etc does not hold: it may wait for a directory server, for
 * a few seconds at most. Systems without getent have no such names.
 */
final class Getent implements Accounts.NameService {
    private static final int PATIENCE_SECONDS = 5;
    private static final File NOTHING = new File("/dev/null");

    @Override
    public Optional<String> line(String database, String key) {
        // A key that looks like an option would be one, and no name begins with a dash.
        if (key.isEmpty() || key.startsWith("-") || key.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Process getent;
        try {
            getent = new ProcessBuilder("getent", database, key)
                    .redirectInput(Redirect.from(NOTHING))
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Optional.empty(); // there is no getent
        }
        try {
            // One line, much shorter than a pipe holds: it ends without being read.
            if (!getent.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || getent.exitValue() != 0) {
                return Optional.empty();
            }
            String answer = new String(getent.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.lines().findFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // what it said is lost, as if it knew nothing
        } finally {
            getent.destroyForcibly();
        }
    }
}
