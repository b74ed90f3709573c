package marina.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import marina.config.Recollection.Known;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a load that found no problems, so that the next one need not read again what is the same. It keeps text and
 * finished contexts, and nothing of what lies between them. Immutable.
 */
final class LastLoad {
    /** When more contexts than this have to be read one by one, it is quicker to read the file as a whole. */
    private static final int MOST_BY_THEMSELVES = 500;

    private final Path serverFile;
    private final Written written;

    /** By their place in the text; null for a context that must always be read. */
    private final @Nullable Known[] known;

    private final PathMap<ContextConfig> contexts;
    private final Recollection learned;

    private LastLoad(
            Path serverFile,
            Written written,
            @Nullable Known[] known,
            PathMap<ContextConfig> contexts,
            Recollection learned) {
        this.serverFile = serverFile;
        this.written = written;
        this.known = known;
        this.contexts = contexts;
        this.learned = learned;
    }

    /**
     * A server file as it was read.
     *
     * @param name as operators know it
     * @param frame all of it but the contexts
     * @param values how many values are in it, or more
     * @param lines where the contexts stand
     */
    private record Written(String name, Value.Mapping frame, int values, ContextLines lines) {

        YamlFile.Part part(int firstLine) {
            return new YamlFile.Part(name, firstLine - 1, "contexts");
        }
    }

    /** What is kept of a file that was read as a whole; empty when it is not written in a way that helps. */
    static Optional<LastLoad> of(Path serverFile, byte[] text, YamlFile.Result read, Recollection learned) {
        Value.Mapping root = read.mapping();
        return ContextLines.of(text, root, read.anchors()).map(lines -> {
            Value.Mapping frame = lines.size() == 0 ? root : withContexts(root, Map.of());
            Written written = new Written(root.location().file(), frame, read.values(), lines);
            Known[] known = new Known[lines.size()];
            return new Next(root, written, known, learned).over(serverFile);
        });
    }

    /** A load that knows what the one before it knew. */
    static final class Next {
        private final Value.Mapping root;
        private final Written written;
        private final @Nullable Known[] known;
        private final Recollection recollection;

        private Next(Value.Mapping root, Written written, @Nullable Known[] known, Recollection recollection) {
            this.root = root;
            this.written = written;
            this.known = known;
            this.recollection = recollection;
        }

        /** The server file with those contexts that have to be read. */
        Value.Mapping root() {
            return root;
        }

        /** The others. */
        Recollection recollection() {
            return recollection;
        }

        /** What is to be kept of it when it is over and has found no problems. */
        LastLoad over(Path serverFile) {
            SortedMap<ContextPath, @Nullable ContextConfig> read = new TreeMap<>();
            @Nullable Known[] now = known.clone();
            if (written.lines.size() > 0) {
                contextsOf(root).values().forEach(entry -> {
                    int place = written.lines.contextIn(entry.location().line());
                    recollection.learned(entry.location()).ifPresent(one -> {
                        now[place] = one;
                        read.put(one.context().path(), one.context());
                    });
                });
            }
            return new LastLoad(
                    serverFile, written, now, recollection.contexts().with(read), recollection.forNext());
        }
    }

    boolean isOf(Path other) {
        return serverFile.equals(other);
    }

    /**
     * What the next load need not read.
     *
     * @param reading takes problems of what has to be read; with any, everything has to be
     * @return empty when everything has to be read
     */
    Optional<Next> next(byte[] text, Reading reading) {
        if (written.lines.isSame(text)) {
            return new Draft(written, known.clone(), 0, 0).next(reading);
        }
        Optional<ContextLines.Difference> difference = written.lines.to(text);
        if (difference.isEmpty() || text.length > YamlFile.LONGEST) {
            return Optional.empty();
        }
        return draft(text, difference.get(), reading).flatMap(draft -> draft.next(reading));
    }

    private Optional<Draft> draft(byte[] text, ContextLines.Difference difference, Reading reading) {
        ContextLines before = written.lines;
        byte[] lines = Arrays.copyOfRange(text, difference.begin(), difference.end());
        Optional<YamlFile.Result> read = YamlFile.parse(written.part(before.line(difference.from())), lines, reading);
        if (read.isEmpty()
                || read.get().anchors()
                || written.values + read.get().values() > YamlFile.MOST_VALUES) {
            return Optional.empty();
        }
        Map<String, Value.Entry> entries = read.get().mapping().entries();
        Optional<ContextLines> after = before.with(difference, text, lines, entries);
        if (after.isEmpty()) {
            return Optional.empty();
        }
        int behind = difference.from() + entries.size();
        int moved = after.get().line(behind) - before.line(difference.until());
        Value.Mapping frame = (Value.Mapping) moved(written.frame, before.line(before.size()), moved);
        Written now =
                new Written(written.name, frame, written.values + read.get().values(), after.get());
        Draft draft = new Draft(now, Arrays.copyOf(known, after.get().size()), difference.from(), behind);
        System.arraycopy(known, difference.until(), draft.known, behind, known.length - difference.until());
        for (int i = difference.from(); i < difference.until(); i++) {
            draft.forget(known[i]);
        }
        Arrays.fill(draft.known, difference.from(), behind, null);
        draft.read.putAll(entries);
        draft.move(behind, moved);
        return Optional.of(draft);
    }

    /** What becomes a {@link Next}. */
    private final class Draft {
        private final Written now;
        private final @Nullable Known[] known;
        private final SortedMap<ContextPath, @Nullable ContextConfig> changes = new TreeMap<>();
        private final Map<String, Value.Entry> read = new LinkedHashMap<>();
        private final int from;
        private final int behind;

        Draft(Written now, @Nullable Known[] known, int from, int behind) {
            this.now = now;
            this.known = known;
            this.from = from;
            this.behind = behind;
        }

        void forget(@Nullable Known gone) {
            if (gone != null) {
                changes.put(gone.context().path(), null);
            }
        }

        void move(int first, int lines) {
            for (int i = first; lines != 0 && i < known.length; i++) {
                Known one = known[i];
                if (one != null) {
                    ContextConfig moved =
                            one.context().at(LastLoad.moved(one.context().source(), lines));
                    known[i] = new Known(moved, one.asked());
                    changes.put(moved.path(), moved);
                }
            }
        }

        Optional<Next> next(Reading reading) {
            int alone = 0;
            for (int i = 0; i < known.length; i++) {
                Known one = known[i];
                boolean isRead = i >= from && i < behind;
                if (isRead || (one != null && reading.outside().isStill(one.asked()))) {
                    continue;
                }
                forget(one);
                known[i] = null;
                if (++alone > MOST_BY_THEMSELVES || !readAlone(i, reading)) {
                    return Optional.empty();
                }
            }
            Value.Mapping root = now.lines.size() == 0 ? now.frame : withContexts(now.frame, read);
            return Optional.of(new Next(root, now, known, learned.of(contexts.with(changes))));
        }

        private boolean readAlone(int context, Reading reading) {
            Optional<YamlFile.Result> result =
                    YamlFile.parse(now.part(now.lines.line(context)), now.lines.textOf(context), reading);
            if (result.isEmpty() || result.get().mapping().entries().size() != 1) {
                return false;
            }
            int before = read.size();
            read.putAll(result.get().mapping().entries());
            return read.size() == before + 1;
        }
    }

    private static Map<String, Value.Entry> contextsOf(Value.Mapping root) {
        Value.Entry entry = root.entries().get("contexts");
        return entry != null && entry.value() instanceof Value.Mapping mapping ? mapping.entries() : Map.of();
    }

    /** The same root with these contexts only. */
    private static Value.Mapping withContexts(Value.Mapping root, Map<String, Value.Entry> contexts) {
        Map<String, Value.Entry> entries = new LinkedHashMap<>(root.entries());
        entries.computeIfPresent(
                "contexts",
                (name, entry) -> new Value.Entry(
                        entry.location(),
                        new Value.Mapping(
                                entry.value().location(), entry.value().key(), contexts)));
        return new Value.Mapping(root.location(), root.key(), entries);
    }

    private static SourceLocation moved(SourceLocation place, int lines) {
        return new SourceLocation(place.file(), place.line() + lines, place.column());
    }

    private static SourceLocation moved(SourceLocation place, int first, int lines) {
        return place.line() < first ? place : moved(place, lines);
    }

    /** A value as it is when what begins in a line begins so many lines later. */
    private static Value moved(Value value, int first, int lines) {
        if (lines == 0) {
            return value;
        }
        SourceLocation place = moved(value.location(), first, lines);
        if (value instanceof Value.Mapping mapping) {
            Map<String, Value.Entry> entries = new LinkedHashMap<>();
            mapping.entries()
                    .forEach((name, entry) -> entries.put(
                            name,
                            new Value.Entry(
                                    moved(entry.location(), first, lines), moved(entry.value(), first, lines))));
            return new Value.Mapping(place, mapping.key(), entries);
        }
        if (value instanceof Value.Sequence sequence) {
            List<Value> items = new ArrayList<>();
            sequence.items().forEach(item -> items.add(moved(item, first, lines)));
            return new Value.Sequence(place, sequence.key(), items);
        }
        Value.Scalar scalar = (Value.Scalar) value;
        return new Value.Scalar(place, scalar.key(), scalar.text(), scalar.isNull());
    }
}
