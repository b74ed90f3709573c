package marina.admin;

import java.util.Map;

/**
 * How a command may print: with colours, with a bar that moves.
 *
 * @param colours on standard output
 * @param moving on standard error
 */
record Look(boolean colours, boolean moving) {
    private static final String TERMINAL = "tty";

    /**
     * As {@code bin/marina.sh} has found it: colours on a terminal, unless NO_COLOR is set (no-color.org) or the terminal is dumb.
     */
    static Look of(Map<String, String> environment) {
        boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Look(
                TERMINAL.equals(environment.get("MARINA_STDOUT")) && !dumb && !plain,
                TERMINAL.equals(environment.get("MARINA_STDERR")) && !dumb);
    }

    /** A state in its colour, padded or not; anything else as it is. */
    String paint(String cell) {
        if (!colours) {
            return cell;
        }
        String word = cell.strip();
        int space = word.indexOf(' ');
        return switch (space < 0 ? word : word.substring(0, space)) {
            case "ready", "healthy" -> "\033[32m" + cell + "\033[0m";
            case "starting", "draining", "stopping", "degraded" -> "\033[33m" + cell + "\033[0m";
            case "failed", "down", "unhealthy" -> "\033[31m" + cell + "\033[0m";
            default -> cell;
        };
    }
}
