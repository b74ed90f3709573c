package marina.config;

import java.nio.file.Path;
import java.util.List;

/**
 * How a new release of a command's directory is noticed: by files that are touched for that purpose.
 *
 * @param marks the files: {@code tmp/restart.txt} of the directory, as with Passenger, and the Procfile of a folder in webapps
 * @param stamp of them all as they were when this was read; it changes with each of them
 */
public record Release(List<Path> marks, FileStamp stamp) {

    /** Of a command in no directory of its own. */
    public static final Release NONE = new Release(List.of(), FileStamp.ABSENT);

    /** Copies its list. */
    public Release {
        marks = List.copyOf(marks);
    }

    /** What lies in a directory now; MARINA_BASE is none of one command alone. */
    static Release of(Path directory, Reading reading) {
        Directories directories = reading.directories();
        if (directory.equals(directories.base())) {
            return NONE;
        }
        Path restart = directory.resolve("tmp/restart.txt");
        List<Path> marks = directories.webapps().equals(directory.getParent())
                ? List.of(restart, directory.resolve("Procfile"))
                : List.of(restart);
        return new Release(marks, stamp(marks, reading.outside()));
    }

    private static FileStamp stamp(List<Path> marks, Outside outside) {
        long size = 0;
        long modified = 0;
        for (Path mark : marks) {
            FileStamp file = outside.mark(mark);
            size += file.size();
            modified = Math.max(modified, file.modified());
        }
        return new FileStamp(size, modified);
    }
}
