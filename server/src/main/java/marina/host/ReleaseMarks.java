package marina.host;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import marina.config.FileStamp;

/**
 * The files with which releases announce themselves. Most of them never exist and there may be ten thousand, so each look
 * takes only a part of them, in turn; of the others it tells what was seen last. Used by one look at a time.
 */
final class ReleaseMarks {
    /** All of ten thousand have had their turn after ten looks. */
    private static final int MOST_PER_LOOK = 1_000;

    private final Map<Path, FileStamp> seen = new HashMap<>();
    private int turn;

    /** Adds the stamps of those that exist; new ones are always looked at. */
    void look(Set<Path> marks, Map<Path, FileStamp> stamps) {
        seen.keySet().retainAll(marks);
        List<Path> all = List.copyOf(marks);
        for (int i = 0; i < Math.min(MOST_PER_LOOK, all.size()); i++) {
            turn = (turn + 1) % all.size();
            seen.put(all.get(turn), stamp(all.get(turn)));
        }
        for (Path mark : all) {
            FileStamp stamp = seen.computeIfAbsent(mark, ReleaseMarks::stamp);
            if (!stamp.equals(FileStamp.ABSENT)) {
                stamps.put(mark, stamp);
            }
        }
    }

    /** By means that make no exception of a file that does not exist. */
    private static FileStamp stamp(Path mark) {
        File file = mark.toFile();
        long modified = file.lastModified();
        return modified == 0 ? FileStamp.ABSENT : new FileStamp(file.length(), modified);
    }
}
