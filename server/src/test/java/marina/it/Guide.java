package marina.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of docs that people follow step by step: what stands in its fences. Immutable. */
final class Guide {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w+)(?: (\\S+))?\\n(.*?)^```$");

    /**
     * A fence.
     *
     * @param language such as {@code yaml}
     * @param file that it shows; empty for none
     */
    record Piece(String language, String file, String text) {}

    private final List<Piece> pieces = new ArrayList<>();

    private Guide(String text) {
        Matcher matcher = FENCE.matcher(text);
        while (matcher.find()) {
            pieces.add(new Piece(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2), matcher.group(3)));
        }
    }

    /** Reads one. */
    static Guide of(String document) {
        try {
            Path docs = HomeUnderTest.home().resolve("docs");
            return new Guide(Files.readString(docs.resolve(document)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fences in this language, in order. */
    List<Piece> in(String language) {
        return pieces.stream()
                .filter(piece -> piece.language().equals(language))
                .toList();
    }

    /** The fences that show a file. */
    List<Piece> files() {
        return pieces.stream().filter(piece -> !piece.file().isEmpty()).toList();
    }

    /** Its configuration, for a free port. */
    String configuration() {
        return in("yaml").get(0).text().replace("listen: 8080\n", "");
    }
}
