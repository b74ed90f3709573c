package marina.config;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a configuration depends on beside its own files: what lies on the disk. Each question is asked once in a load, so that all
 * contexts mean the same, and it is known what a context has asked: while the answers are the same, so is the context. Whoever
 * looks at anything else while a context is read must say so ({@link #somethingElse}). One thread.
 */
final class Outside {
    private final Map<Asked, Object> answers = new HashMap<>();
    private Set<Answer> asked = new LinkedHashSet<>();
    private boolean somethingElse;

    /** What can be asked of a path. */
    enum Question {
        /** A regular file. */
        FILE,
        /** A folder. */
        FOLDER,
        /** Anything. */
        ANYTHING,
        /** A file that may be run. */
        PROGRAM,
        /** Size and time of a file, as a stamp; zeros where none is. */
        MARK
    }

    private record Asked(Question question, Path path) {}

    /** A question with what it was answered. */
    record Answer(Question question, Path path, Object answer) {}

    boolean is(Question question, Path path) {
        return Boolean.TRUE.equals(ask(question, path));
    }

    /** The stamp of a file by which a release is noticed. */
    FileStamp mark(Path path) {
        return (FileStamp) ask(Question.MARK, path);
    }

    /** Something has been looked at that is not worth asking about again: whatever is read must be read the next time, too. */
    void somethingElse() {
        somethingElse = true;
    }

    /** What is asked from now on is asked by one context. */
    void begin() {
        asked = new LinkedHashSet<>();
        somethingElse = false;
    }

    /** What has been asked since {@link #begin}; empty when something else has been looked at. */
    Optional<List<Answer>> end() {
        return somethingElse ? Optional.empty() : Optional.of(List.copyOf(asked));
    }

    /** Whether all is as it was. */
    boolean isStill(List<Answer> former) {
        for (Answer answer : former) {
            if (!answer.answer.equals(lookUp(answer.question, answer.path))) {
                return false;
            }
        }
        return true;
    }

    private Object ask(Question question, Path path) {
        Object answer = lookUp(question, path);
        asked.add(new Answer(question, path, answer));
        return answer;
    }

    private Object lookUp(Question question, Path path) {
        return answers.computeIfAbsent(new Asked(question, path), unknown -> look(question, path));
    }

    private static Object look(Question question, Path path) {
        return switch (question) {
            case FILE -> Files.isRegularFile(path);
            case FOLDER -> Files.isDirectory(path);
            case ANYTHING -> Files.exists(path);
            case PROGRAM -> Files.isExecutable(path);
            case MARK -> {
                File file = path.toFile();
                yield new FileStamp(file.length(), file.lastModified());
            }
        };
    }
}
