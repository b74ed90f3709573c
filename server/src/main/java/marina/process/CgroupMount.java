package marina.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where in cgroup v2 Marina itself lives, as /proc/self tells.
 *
 * @param own Marina's own group, a folder below the mount
 * @param isTop whether it is the uppermost group that can be seen from here, as in a container
 */
record CgroupMount(Path own, boolean isTop) {
    private static final int ROOT = 3;
    private static final int POINT = 4;

    /**
     * Finds it.
     *
     * @param proc the folder /proc/self
     */
    static Optional<CgroupMount> find(Path proc) {
        try {
            Optional<String> path = Files.readAllLines(proc.resolve("cgroup")).stream()
                    .filter(line -> line.startsWith("0::/"))
                    .map(line -> line.substring("0::".length()))
                    .findFirst();
            Optional<CgroupMount> found = Optional.empty();
            for (String line : Files.readAllLines(proc.resolve("mountinfo"))) {
                List<String> fields = List.of(line.split(" ", -1));
                if (path.isPresent() && line.contains(" - cgroup2 ") && fields.size() > POINT) {
                    Optional<CgroupMount> next =
                            below(plain(fields.get(ROOT)), plain(fields.get(POINT)), plain(path.get()));
                    found = next.isPresent() ? next : found; // a later mount may lie over an earlier one
                }
            }
            return found;
        } catch (IOException e) {
            return Optional.empty(); // no Linux
        }
    }

    private static Optional<CgroupMount> below(String root, String point, String own) {
        Path top = Path.of(root);
        Path path = Path.of(own);
        // A mount may show only a part of the tree, and "/../x" lies outside of the part that our namespace shows.
        if (!path.startsWith(top) || own.contains("/..")) {
            return Optional.empty();
        }
        Path folder = Path.of(point).resolve(top.relativize(path).toString()).normalize();
        return Optional.of(new CgroupMount(folder, path.equals(top)));
    }

    /** The kernel writes a space in a name as \040. */
    private static String plain(String name) {
        return name.replace("\\040", " ");
    }
}
