package marina.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Where the contexts stand in the text of a server file in which each begins on a line of its own, all in the same column, below
 * the key {@code contexts}: then the lines of one say the same whatever those of the others say. Immutable.
 */
final class ContextLines {
    private static final byte[] HEADER = {'c', 'o', 'n', 't', 'e', 'x', 't', 's', ':'};

    private final byte[] text;
    private final int indent;

    /** Of the first byte of each context, and of what comes after the last one. */
    private final int[] starts;

    /** In which lines these are, from 1. */
    private final int[] lines;

    private ContextLines(byte[] text, int indent, int[] starts, int[] lines) {
        this.text = text;
        this.indent = indent;
        this.starts = starts;
        this.lines = lines;
    }

    /**
     * What is different in another text.
     *
     * @param from the first context that is another one, or is gone
     * @param until the first one after it that is the same again; all from there on are
     * @param begin of what stands in their place, in the other text
     * @param end of that
     */
    record Difference(int from, int until, int begin, int end) {}

    /** Of a text that was read without problems; empty when it is written otherwise, or hard to tell. */
    static Optional<ContextLines> of(byte[] text, Value.Mapping root, boolean anchors) {
        Value.Entry contexts = root.entries().get("contexts");
        Optional<int[]> offsets = TextLines.offsets(text);
        if (contexts == null || isNothing(contexts.value())) {
            return Optional.of(new ContextLines(text, 0, new int[] {0}, new int[] {0}));
        }
        if (anchors || offsets.isEmpty() || !(contexts.value() instanceof Value.Mapping mapping)) {
            return Optional.empty();
        }
        Collection<Value.Entry> entries = mapping.entries().values();
        if (!isHeader(text, offsets.get(), contexts.location(), first(entries))) {
            return Optional.empty();
        }
        return place(text, offsets.get(), entries, 0).map(lines -> lines.withEnd(offsets.get()));
    }

    private static boolean isNothing(Value value) {
        return (value instanceof Value.Scalar scalar && scalar.isNull())
                || (value instanceof Value.Mapping mapping && mapping.entries().isEmpty());
    }

    private static SourceLocation first(Collection<Value.Entry> entries) {
        return entries.iterator().next().location();
    }

    /** Whether nothing but blanks and comments stands between the key and the first context. */
    private static boolean isHeader(byte[] text, int[] offsets, SourceLocation key, SourceLocation first) {
        int start = offsets[key.line() - 1];
        int end = start + HEADER.length;
        if (key.column() != 1
                || first.line() <= key.line()
                || end > text.length
                || !Arrays.equals(text, start, end, HEADER, 0, HEADER.length)) {
            return false;
        }
        boolean comment = false;
        for (int i = end; i < offsets[first.line() - 1]; i++) {
            comment = text[i] != '\n' && (comment || text[i] == '#');
            if (!comment && text[i] != ' ' && text[i] != '\n') {
                return false;
            }
        }
        return true;
    }

    /** The beginnings of contexts; empty when one does not begin its line, or another column than the others. */
    private static Optional<ContextLines> place(
            byte[] text, int[] offsets, Collection<Value.Entry> entries, int linesBefore) {
        int indent = first(entries).column() - 1;
        int[] starts = new int[entries.size() + 1];
        int[] lines = new int[entries.size() + 1];
        int i = 0;
        for (Value.Entry entry : entries) {
            int line = entry.location().line() - linesBefore;
            int start = line < 1 || line > offsets.length ? -1 : offsets[line - 1];
            boolean after = i == 0 || start > starts[i - 1];
            if (start < 0 || !after || entry.location().column() - 1 != indent || !isIndented(text, start, indent)) {
                return Optional.empty();
            }
            starts[i] = start;
            lines[i++] = entry.location().line();
        }
        return indent < 1 ? Optional.empty() : Optional.of(new ContextLines(text, indent, starts, lines));
    }

    private static boolean isIndented(byte[] text, int start, int indent) {
        for (int i = start; i < start + indent; i++) {
            if (i >= text.length || text[i] != ' ') {
                return false;
            }
        }
        return true;
    }

    /** The last context ends where a line begins with something else than a blank or a comment. */
    private ContextLines withEnd(int[] offsets) {
        int line = lines[size() - 1];
        while (line < offsets.length && belongsToContext(offsets[line])) {
            line++;
        }
        starts[size()] = line < offsets.length ? offsets[line] : text.length;
        lines[size()] = line + 1;
        return this;
    }

    private boolean belongsToContext(int start) {
        return start == text.length || text[start] == ' ' || text[start] == '\n' || text[start] == '#';
    }

    int size() {
        return starts.length - 1;
    }

    /** The line of a context, or of what comes after the last one. */
    int line(int context) {
        return lines[context];
    }

    /** Which context begins in a line. */
    int contextIn(int line) {
        return Arrays.binarySearch(lines, 0, size(), line);
    }

    /** The lines of one context. */
    byte[] textOf(int context) {
        return Arrays.copyOfRange(text, starts[context], starts[context + 1]);
    }

    /** Whether another text is the same. */
    boolean isSame(byte[] other) {
        return Arrays.equals(text, other);
    }

    /** Where another text differs; empty when it does so elsewhere than in contexts. */
    Optional<Difference> to(byte[] other) {
        int prefix = Arrays.mismatch(text, other);
        int suffix = TextLines.commonEnd(text, other, prefix);
        int from = size() - 1;
        while (from >= 0 && starts[from] + indent >= prefix) { // the first character of its key decides what a line is
            from--;
        }
        int until = Math.max(0, from);
        while (until <= size() && starts[until] < text.length - suffix) {
            until++;
        }
        until = Math.max(from + 1, until);
        if (from < 0 || until > size()) {
            return Optional.empty();
        }
        int end = other.length - (text.length - starts[until]);
        boolean wholeLines = end == other.length || other[end - 1] == '\n';
        return wholeLines ? Optional.of(new Difference(from, until, starts[from], end)) : Optional.empty();
    }

    /**
     * The same with other contexts in the place of those that differ.
     *
     * @param replaced what stands there, by itself
     * @param contexts in the order of the text; with their places in the file
     * @return empty when these do not stand as the others do
     */
    Optional<ContextLines> with(
            Difference difference, byte[] other, byte[] replaced, Map<String, Value.Entry> contexts) {
        int linesBefore = lines[difference.from] - 1;
        Optional<int[]> offsets = TextLines.offsets(replaced);
        if (contexts.isEmpty() || offsets.isEmpty() || !isWithinContexts(replaced, offsets.get())) {
            return Optional.empty();
        }
        Optional<ContextLines> placed = place(replaced, offsets.get(), contexts.values(), linesBefore);
        if (placed.isEmpty() || placed.get().indent != indent || placed.get().starts[0] != 0) {
            return Optional.empty();
        }
        int count = contexts.size();
        int moreBytes = other.length - text.length;
        int moreLines = linesBefore + TextLines.count(replaced) - (lines[difference.until] - 1);
        int behind = difference.from + count;
        int[] newStarts = Arrays.copyOf(starts, size() + 1 - (difference.until - difference.from) + count);
        int[] newLines = Arrays.copyOf(lines, newStarts.length);
        for (int i = 0; i < count; i++) {
            newStarts[difference.from + i] = difference.begin + placed.get().starts[i];
            newLines[difference.from + i] = placed.get().lines[i];
        }
        for (int i = difference.until; i <= size(); i++) {
            newStarts[behind + i - difference.until] = starts[i] + moreBytes;
            newLines[behind + i - difference.until] = lines[i] + moreLines;
        }
        return Optional.of(new ContextLines(other, indent, newStarts, newLines));
    }

    private static boolean isWithinContexts(byte[] text, int[] offsets) {
        for (int start : offsets) {
            if (start < text.length && text[start] != ' ' && text[start] != '\n' && text[start] != '#') {
                return false;
            }
        }
        return true;
    }
}
