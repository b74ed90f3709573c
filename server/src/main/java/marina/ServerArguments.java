package marina;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The arguments of nearly every start, understood without picocli: its classes are too old for the JVM to keep in an archive, and reading them and
 * the descriptions of all verbs takes a quarter of a second. What is not understood here, help and mistakes, is left to it.
 *
 * @param background whether the log goes to the file only
 * @param config the configuration to use, empty for the usual one
 */
record ServerArguments(boolean background, Path config) {
    private static final String BACKGROUND = "--background";

    /** Those of {@code run}, if these are. */
    static Optional<ServerArguments> of(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("run")) {
            return Optional.empty();
        }
        boolean background = false;
        Path config = Path.of("");
        for (int i = 1; i < arguments.length; i++) {
            boolean names = arguments[i].equals("-c") || arguments[i].equals("--config");
            if (arguments[i].equals(BACKGROUND)) {
                background = true;
            } else if (names && i + 1 < arguments.length && !arguments[i + 1].startsWith("-")) {
                config = Path.of(arguments[++i]);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new ServerArguments(background, config));
    }
}
