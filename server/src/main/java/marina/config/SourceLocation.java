package marina.config;

/**
 * Where the operator wrote something.
 *
 * @param file the file as the operator would name it, relative to MARINA_BASE where it lies below it
 * @param line 1-based, 0 when the whole file is meant
 * @param column 1-based, 0 when the whole line is meant
 */
public record SourceLocation(String file, int line, int column) implements Comparable<SourceLocation> {

    /** A location that is the whole file, for example a WAR that was dropped into webapps. */
    public static SourceLocation of(String file) {
        return new SourceLocation(file, 0, 0);
    }

    @Override
    public int compareTo(SourceLocation other) {
        int byFile = file.compareTo(other.file);
        int byLine = byFile != 0 ? byFile : Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    /** {@code conf/server.yml:42:7}, {@code conf/server.yml:42} or {@code webapps/todo.war}. */
    @Override
    public String toString() {
        if (line == 0) {
            return file;
        }
        return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
