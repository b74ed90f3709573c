package marina.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a load knows of contexts from the one before it, and what it finds out for the next. A context is known as long as its own
 * text is the same, what it inherits, and what it has asked of the disk; one of which something was found that has to be said
 * is never known. One thread.
 */
final class Recollection {
    private final PathMap<ContextConfig> contexts;
    private final Map<Path, KnownFile> files;
    private final @Nullable Inherited expected;
    private final Map<SourceLocation, Known> learned = new HashMap<>();
    private final Map<Path, KnownFile> learnedFiles = new HashMap<>();
    private Inherited inherited = Inherited.NOTHING;

    private Recollection(PathMap<ContextConfig> contexts, Map<Path, KnownFile> files, @Nullable Inherited expected) {
        this.contexts = contexts;
        this.files = files;
        this.expected = expected;
    }

    /** Of who remembers nothing. */
    static Recollection none() {
        return new Recollection(PathMap.empty(), Map.of(), null);
    }

    /** What is kept until the next load. */
    Recollection forNext() {
        return new Recollection(PathMap.empty(), learnedFiles, inherited);
    }

    /** What the next load knows, with those contexts of the server file which are the same. */
    Recollection of(PathMap<ContextConfig> same) {
        return new Recollection(same, files, expected);
    }

    /** What contexts have of the server. */
    record Inherited(ContextPath basePath, AccessConfig access, TrafficLimits traffic, ErrorPages pages) {
        private static final Inherited NOTHING =
                new Inherited(ContextPath.ROOT, AccessConfig.OPEN, TrafficLimits.DEFAULT, ErrorPages.NONE);
    }

    /** A context with what it has asked of the disk. */
    record Known(ContextConfig context, List<Outside.Answer> asked) {}

    /** The context of a file in conf/contexts, with the text of the file. */
    private static final class KnownFile {
        private final byte[] text;
        private final Known known;

        KnownFile(byte[] text, Known known) {
            this.text = text;
            this.known = known;
        }
    }

    /** Takes note of what contexts inherit; false when it is not what it was for those that are known. */
    boolean inherits(Inherited now) {
        inherited = now;
        return expected == null || expected.equals(now);
    }

    /** Those of the server file that need not be read. */
    PathMap<ContextConfig> contexts() {
        return contexts;
    }

    /** Whether something is known of a file in conf/contexts, as it was. */
    boolean knows(Path file) {
        return files.containsKey(file);
    }

    /** The context of a file that need not be read. */
    Optional<ContextConfig> context(Path file, byte[] text, Outside outside) {
        KnownFile known = files.get(file);
        if (known == null || !Arrays.equals(known.text, text) || !outside.isStill(known.known.asked)) {
            return Optional.empty();
        }
        learnedFiles.put(file, known);
        return Optional.of(known.known.context);
    }

    /** A context was read that is the same the next time. */
    void learn(ContextConfig context, List<Outside.Answer> asked) {
        learned.put(context.source(), new Known(context, asked));
    }

    /** A file in conf/contexts was read. */
    void learn(Path file, byte[] text, SourceLocation place) {
        Known known = learned.get(place);
        if (known != null) {
            learnedFiles.put(file, new KnownFile(text, known));
        }
    }

    /** What has been read at a place, if it is the same the next time. */
    Optional<Known> learned(SourceLocation place) {
        return Optional.ofNullable(learned.get(place));
    }
}
