package marina.admin;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import marina.user.HashedPassword;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The verb {@code htpasswd}: hashes a password, for an htpasswd file or a file of users. The password is asked for, or is the
 * first line of standard input; never an argument, because everybody on the machine can read command lines.
 */
@Command(name = "htpasswd", description = "hash a password for an htpasswd file or conf/users.yml, and print it")
final class HtpasswdVerb implements Callable<Integer> {
    private final CommandLine line;
    private final InputStream input;

    @Parameters(paramLabel = "NAME", description = "of the user")
    private String name = "";

    HtpasswdVerb(CommandLine line, InputStream input) {
        this.line = line;
        this.input = input;
    }

    @Override
    public Integer call() throws IOException {
        if (name.isBlank() || name.indexOf(':') >= 0) {
            line.terminal().complain("the name of a user has no colon and is not empty");
            return CommandLine.FAILED;
        }
        Console console = System.console();
        String password = isTerminal(console) ? asked(console) : firstLine();
        if (password.isEmpty()) {
            line.terminal().complain("no password, or two different ones; nothing is printed");
            return CommandLine.FAILED;
        }
        if (HashedPassword.isTooLong(password)) {
            line.terminal().complain("the password is longer than bcrypt reads, which is 72 bytes; take a shorter one");
            return CommandLine.FAILED;
        }
        line.terminal().say(name + ":" + HashedPassword.of(password));
        return CommandLine.DONE;
    }

    /** From Java 22 on there may be a console without a terminal, which then says so itself. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) {
            return true; // before Java 22
        }
    }

    private String firstLine() throws IOException {
        String text = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)).readLine();
        return text == null ? "" : text;
    }

    private static String asked(@Nullable Console console) {
        if (console == null) {
            return "";
        }
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Again: ");
        return first != null && Arrays.equals(first, second) ? new String(first) : "";
    }
}
