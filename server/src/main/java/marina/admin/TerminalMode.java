package marina.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The mode and the size of the terminal, by {@code stty}, which every Unix has. */
final class TerminalMode {
    private static final Size USUAL = new Size(24, 80);
    private static final long PATIENCE_SECONDS = 2;

    private final String before = stty("-g");

    /**
     * Of a terminal.
     *
     * @param rows lines
     * @param columns characters in each
     */
    record Size(int rows, int columns) {}

    /** Keys come one by one, and are not shown. */
    void keysOneByOne() {
        stty("-icanon", "-echo", "min", "0");
    }

    /** As it was. */
    void restore() {
        if (!before.isEmpty()) {
            stty(before);
        }
    }

    /** How large it is now; 24 lines of 80 when nobody can tell. */
    Size size() {
        String[] words = stty("size").split(" ", -1);
        try {
            Size size = new Size(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
            return size.rows > 0 && size.columns > 0 ? size : USUAL;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return USUAL;
        }
    }

    private static String stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        try {
            Process stty = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) ? said : "";
        } catch (IOException e) {
            return ""; // there is no stty
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
