package marina.cgi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import marina.process.Account;
import marina.process.OutputSink;

/**
 * A program that answers requests.
 *
 * @param owner whose it is, in the operator's words: {@code /cgi-bin/sync}, {@code route ^/sync$}
 * @param program the file
 * @param directory working directory
 * @param environment what every run of it gets besides the variables of its request
 * @param account it runs under
 * @param errors takes what it prints to standard error
 * @param timeout after this long it is ended with all that it has started; zero means no limit
 * @param maxConcurrent how many of the program run at once
 * @param maxSpooled bytes of a body that has to be kept until its end has come
 */
public record CgiScript(
        String owner,
        Path program,
        Path directory,
        Map<String, String> environment,
        Account account,
        OutputSink errors,
        Duration timeout,
        int maxConcurrent,
        long maxSpooled) {

    /** Copies its map. */
    public CgiScript {
        environment = Map.copyOf(environment);
    }

    /** For messages. */
    @Override
    public String toString() {
        return "CGI script " + program + " of " + owner;
    }
}
