package marina.config;

import com.google.re2j.Pattern;

/**
 * A pattern that matches in linear time (RE2), equal to another one of the same text.
 *
 * @param pattern compiled
 */
public record Regex(Pattern pattern) {

    /**
     * Compiles a text.
     *
     * @throws com.google.re2j.PatternSyntaxException when it is no RE2 pattern
     */
    public static Regex compile(String text) {
        return new Regex(Pattern.compile(text));
    }

    /** Whether the pattern occurs in the text. */
    public boolean find(String text) {
        return pattern.matcher(text).find();
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
