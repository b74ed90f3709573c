package marina.navigator;

import java.nio.file.Path;
import java.util.Set;

/**
 * What relative paths of a file for Navigator are relative to. There it is the folder in which the program is started, which is
 * that of the application; here it follows from where the file lies, so that it is the same however Marina is started.
 *
 * @param root the file's folder, or the one above where that is called config or conf
 * @param base MARINA_BASE, to which Marina's own form is relative
 * @param names what names of the environment in paths mean
 */
record Places(Path root, Path base, Names names) {
    private static final Set<String> FOLDERS = Set.of("config", "conf");

    /** Those of a file. */
    static Places of(Path file, Path base, Names names) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            return new Places(base, base, names);
        }
        Path above = folder.getParent();
        boolean inside = FOLDERS.contains(String.valueOf(folder.getFileName()));
        return new Places(inside && above != null ? above : folder, base, names);
    }

    /** Whether the two are one folder, so that paths can stay as they are. */
    boolean same() {
        return root.equals(base);
    }

    /** Where a path in Marina's own form leads, with the environment of now. */
    Path resolve(String text) {
        return root.resolve(names.filled(text)).normalize();
    }

    /** A path as Marina's own form has it; names of the environment stay in it. */
    String path(String text) {
        boolean named = text.contains("${");
        if (same() || (named && Path.of(names.filled(text)).isAbsolute())) {
            return text;
        }
        String folder = Names.literal(root.toString());
        return named ? folder + "/" + text : Names.literal(resolve(text).toString());
    }
}
