package marina.navigator;

import java.nio.file.Path;
import java.util.Set;

/**
 * What relative paths of a file for Navigator are relative to. There it is the folder in which the program is started, which is
 * that of the application; here it follows from where the file lies, so that it is the same however Marina is started.
 *
 * @param root the file's folder, or the one above where that is called config or conf
 * @param base MARINA_BASE, to which Marina's own form is relative
 */
record Places(Path root, Path base) {
    private static final Set<String> FOLDERS = Set.of("config", "conf");

    /** Those of a file. */
    static Places of(Path file, Path base) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            return new Places(base, base);
        }
        Path above = folder.getParent();
        boolean inside = FOLDERS.contains(String.valueOf(folder.getFileName()));
        return new Places(inside && above != null ? above : folder, base);
    }

    /** Whether the two are one folder, so that paths can stay as they are. */
    boolean same() {
        return root.equals(base);
    }

    Path resolve(String text) {
        return root.resolve(text).normalize();
    }

    /** A path as Marina's own form has it. */
    String path(String text) {
        return same() ? text : resolve(text).toString();
    }
}
