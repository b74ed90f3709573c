package marina.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the file behind a command's first word, as a shell would, with messages for what can be wrong. */
final class ProgramLookup {
    private ProgramLookup() {}

    /**
     * The program's absolute path.
     *
     * @param path the PATH to search for a name without a slash
     * @throws LaunchException when there is none, or it may not be executed
     */
    static Path resolve(String program, Path directory, @Nullable String path) throws LaunchException {
        if (!Files.isDirectory(directory)) {
            throw new LaunchException("cannot start \"" + program + "\": the directory " + directory
                    + (Files.exists(directory) ? " is not a directory" : " does not exist"));
        }
        if (program.isEmpty()) {
            throw new LaunchException("cannot start an empty command");
        }
        return program.contains("/") ? relative(program, directory) : search(program, directory, path);
    }

    /** A program that may or may not be there. */
    static Optional<Path> find(String program, @Nullable String path) {
        try {
            return Optional.of(search(program, Path.of("/"), path));
        } catch (LaunchException e) {
            return Optional.empty();
        }
    }

    private static Path relative(String program, Path directory) throws LaunchException {
        Path file = directory.resolve(program).normalize();
        if (!Files.exists(file)) {
            throw new LaunchException("command not found: \"" + program + "\" (there is no " + file + ")");
        }
        if (!executable(file)) {
            throw notExecutable(program, file);
        }
        return file;
    }

    private static Path search(String program, Path directory, @Nullable String path) throws LaunchException {
        if (path == null || path.isEmpty()) {
            throw new LaunchException("command not found: \"" + program
                    + "\": its environment has no PATH; set PATH, or write the command with its full path");
        }
        Path unusable = null;
        for (String folder : path.split(":", -1)) {
            Path file = directory.resolve(folder).resolve(program);
            if (executable(file)) {
                return file;
            }
            if (unusable == null && Files.isRegularFile(file)) {
                unusable = file;
            }
        }
        if (unusable != null) {
            throw notExecutable(program, unusable);
        }
        throw new LaunchException("command not found: \"" + program + "\" is in no folder of PATH=" + path);
    }

    private static boolean executable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static LaunchException notExecutable(String program, Path file) {
        String why = Files.isDirectory(file)
                ? file + " is a directory"
                : file + " is not executable for this user; try chmod +x";
        return new LaunchException("cannot start \"" + program + "\": " + why);
    }
}
