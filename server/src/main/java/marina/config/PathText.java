package marina.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import marina.config.Outside.Question;

/**
 * Paths as operators write them: relative to a folder.
 *
 * @param root what relative paths are relative to
 * @param outside knows what lies there
 */
record PathText(Path root, Outside outside) {

    Path any(String text) {
        try {
            return root.resolve(Texts.notEmpty(text)).normalize();
        } catch (InvalidPathException e) {
            throw BadText.of("is not a path of a file");
        }
    }

    Path file(String text) {
        Path path = any(text);
        if (!outside.is(Question.FILE, path)) {
            throw outside.is(Question.ANYTHING, path) ? BadText.of("is not a file") : missing(text, path, "");
        }
        return path;
    }

    /** A file that may be run. Whether another user may run it shows when it is. */
    Path program(String text) {
        Path path = file(text);
        if (!outside.is(Question.PROGRAM, path)) {
            throw BadText.of("may not be executed; run chmod +x " + path);
        }
        return path;
    }

    Path directory(String text) {
        Path path = any(text);
        if (!outside.is(Question.FOLDER, path)) {
            throw outside.is(Question.ANYTHING, path) ? BadText.of("is not a folder") : missing(text, path, "");
        }
        return path;
    }

    /** A WAR, packed or exploded. Whether a packed one can be read shows when it is mounted. */
    Path archive(String text) {
        Path path = any(text);
        if (outside.is(Question.FILE, path) || outside.is(Question.FOLDER, path.resolve("WEB-INF"))) {
            return path;
        }
        if (outside.is(Question.FOLDER, path)) {
            throw BadText.of("is a folder without WEB-INF, so it is no WAR");
        }
        boolean suffixMissing = outside.is(Question.FILE, root.resolve(text + ".war"));
        throw missing(text, path, suffixMissing ? "; write " + text + ".war" : "");
    }

    private static BadText missing(String text, Path path, String advice) {
        return BadText.missing("does not exist" + place(text, path) + advice);
    }

    private static String place(String text, Path path) {
        return path.toString().equals(text) ? "" : " (" + path + ")";
    }
}
