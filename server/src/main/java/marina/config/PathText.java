package marina.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Paths as operators write them: relative to a folder.
 *
 * @param root what relative paths are relative to
 */
record PathText(Path root) {

    Path any(String text) {
        try {
            return root.resolve(Texts.notEmpty(text)).normalize();
        } catch (InvalidPathException e) {
            throw BadText.of("is not a path of a file");
        }
    }

    Path file(String text) {
        Path path = any(text);
        if (!Files.isRegularFile(path)) {
            throw Files.exists(path) ? BadText.of("is not a file") : missing(text, path, "");
        }
        return path;
    }

    /** A file that may be run. Whether another user may run it shows when it is. */
    Path program(String text) {
        Path path = file(text);
        if (!Files.isExecutable(path)) {
            throw BadText.of("may not be executed; run chmod +x " + path);
        }
        return path;
    }

    Path directory(String text) {
        Path path = any(text);
        if (!Files.isDirectory(path)) {
            throw Files.exists(path) ? BadText.of("is not a folder") : missing(text, path, "");
        }
        return path;
    }

    /** A WAR, packed or exploded. Whether a packed one can be read shows when it is mounted. */
    Path archive(String text) {
        Path path = any(text);
        if (Files.isRegularFile(path) || Files.isDirectory(path.resolve("WEB-INF"))) {
            return path;
        }
        if (Files.isDirectory(path)) {
            throw BadText.of("is a folder without WEB-INF, so it is no WAR");
        }
        boolean suffixMissing = Files.isRegularFile(root.resolve(text + ".war"));
        throw missing(text, path, suffixMissing ? "; write " + text + ".war" : "");
    }

    private static BadText missing(String text, Path path, String advice) {
        return BadText.missing("does not exist" + place(text, path) + advice);
    }

    private static String place(String text, Path path) {
        return path.toString().equals(text) ? "" : " (" + path + ")";
    }
}
