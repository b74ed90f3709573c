package marina.config;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that matches in linear time (RE2), equal to another one of the same text.
 *
 * @param pattern compiled
 */
public record Regex(Pattern pattern) {
    private static final int MOST_GROUPS = 9;

    /**
     * Compiles a text.
     *
     * @throws com.google.re2j.PatternSyntaxException when it is no RE2 pattern
     */
    public static Regex compile(String text) {
        return new Regex(Pattern.compile(text));
    }

    /** How many groups it has. */
    int groups() {
        return pattern.groupCount();
    }

    /** Whether the pattern occurs in the text. */
    public boolean find(String text) {
        return pattern.matcher(text).find();
    }

    /** What the groups 1 to 9 matched, empty for one that took no part; null when the pattern does not occur in the text. */
    public @Nullable List<String> match(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return null;
        }
        List<String> groups = new ArrayList<>();
        for (int i = 1; i <= MOST_GROUPS; i++) {
            String group = i <= matcher.groupCount() ? matcher.group(i) : null;
            groups.add(group == null ? "" : group);
        }
        return groups;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex regex && regex.pattern.pattern().equals(pattern.pattern());
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
