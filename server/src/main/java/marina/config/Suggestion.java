package marina.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody may have meant. */
public final class Suggestion {
    private Suggestion() {}

    /** {@code ; did you mean "idle_timeout"?}, or nothing when no candidate is near. */
    public static String among(Collection<String> candidates, String written) {
        // Numbers that are near in digits are not near in meaning.
        int near = written.chars().anyMatch(Character::isLetter) ? Math.max(1, written.length() / 3) : -1;
        return candidates.stream()
                .filter(candidate -> Math.abs(candidate.length() - written.length()) <= near)
                .filter(candidate -> distance(candidate, written) <= near)
                .min(Comparator.<String>comparingInt(candidate -> distance(candidate, written))
                        .thenComparing(Comparator.naturalOrder()))
                .map(candidate -> "; did you mean \"" + candidate + "\"?")
                .orElse("");
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
