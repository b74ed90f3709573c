package marina.acme;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The answers that authorities ask for now (RFC 8555 section 8.3): nothing, most of the time. Thread-safe. */
public final class Challenges {
    private static final String FOLDER = "/.well-known/acme-challenge/";

    private final Map<String, String> answers = new ConcurrentHashMap<>();

    /** What belongs at this canonical path; empty when it is no challenge, or not one of ours. */
    public Optional<String> answer(String path) {
        if (answers.isEmpty() || !path.startsWith(FOLDER)) {
            return Optional.empty();
        }
        return Optional.ofNullable(answers.get(path.substring(FOLDER.length())));
    }

    void put(String token, String answer) {
        answers.put(token, answer);
    }

    void remove(String token) {
        answers.remove(token);
    }
}
