package marina.valve;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every text begins with that an RE2 pattern matches: {@code ^/(2024|2025)/boston/?$} matches only what begins with
 * {@code /2024/boston} or {@code /2025/boston}. With that, a table of hundreds of patterns is asked in the time that it takes
 * to read the text once. What is not understood makes the prefixes shorter, never wrong. Pure.
 */
final class PatternPrefixes {
    /** More alternatives than this are not worth their memory; the prefix before them must do. */
    private static final int MOST = 2_000;

    private static final String SPECIAL = "\\.^$|?*+()[]{}";
    private static final String QUANTIFIERS = "?*+{";

    private final String pattern;
    private int at;

    private PatternPrefixes(String pattern) {
        this.pattern = pattern;
    }

    /** The prefixes; a lone empty text when the pattern may match anything. */
    static Set<String> of(String pattern) {
        if (!pattern.startsWith("^") || hasAlternativeOutsideOfGroups(pattern)) {
            return Set.of("");
        }
        PatternPrefixes parser = new PatternPrefixes(pattern);
        parser.at = 1;
        return parser.sequence();
    }

    /** Atoms in a row, as far as they are literal. */
    private Set<String> sequence() {
        Set<String> prefixes = new LinkedHashSet<>(Set.of(""));
        while (at < pattern.length()) {
            List<String> atom = atom();
            if (atom == null || isQuantified() || (long) prefixes.size() * atom.size() > MOST) {
                break;
            }
            Set<String> longer = new LinkedHashSet<>();
            for (String prefix : prefixes) {
                atom.forEach(end -> longer.add(prefix + end));
            }
            prefixes = longer;
        }
        return prefixes;
    }

    /** A character or a group of literal alternatives; null when it is something else. */
    private @Nullable List<String> atom() {
        if (pattern.charAt(at) == '(') {
            return group();
        }
        String literal = pattern.startsWith("\\Q", at) ? quoted() : literal();
        return literal == null ? null : List.of(literal);
    }

    private @Nullable String quoted() {
        int end = pattern.indexOf("\\E", at);
        if (end < 0) {
            return null;
        }
        String text = pattern.substring(at + 2, end);
        at = end + 2;
        return text;
    }

    private @Nullable String literal() {
        char c = pattern.charAt(at);
        if (SPECIAL.indexOf(c) < 0 && !Character.isSurrogate(c)) {
            at++;
            return String.valueOf(c);
        }
        boolean escape = c == '\\' && at + 1 < pattern.length();
        if (escape && !Character.isLetterOrDigit(pattern.charAt(at + 1)) && pattern.charAt(at + 1) < 128) {
            at += 2;
            return String.valueOf(pattern.charAt(at - 1));
        }
        return null;
    }

    private @Nullable List<String> group() {
        at++;
        if (pattern.startsWith("?:", at)) {
            at += 2;
        }
        List<String> alternatives = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '|' || c == ')') {
                at++;
                alternatives.add(current.toString());
                current.setLength(0);
                if (c == ')') {
                    return alternatives;
                }
                continue;
            }
            String literal = literal();
            if (literal == null || isQuantified()) {
                return null;
            }
            current.append(literal);
        }
        return null;
    }

    private boolean isQuantified() {
        return at < pattern.length() && QUANTIFIERS.indexOf(pattern.charAt(at)) >= 0;
    }

    /** {@code ^/a|/b} matches what begins with neither. A flag such as (?i) ends the literal part by itself. */
    private static boolean hasAlternativeOutsideOfGroups(String pattern) {
        int depth = 0;
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if (c == '|' && depth == 0) {
                return true;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            i = c == '\\' ? afterEscape(pattern, i) : c == '[' ? afterClass(pattern, i) : i + 1;
        }
        return false;
    }

    private static int afterEscape(String pattern, int start) {
        if (!pattern.startsWith("\\Q", start)) {
            return start + 2;
        }
        int end = pattern.indexOf("\\E", start);
        return end < 0 ? pattern.length() : end + 2;
    }

    private static int afterClass(String pattern, int start) {
        int i = start + (pattern.startsWith("[^", start) ? 2 : 1);
        if (pattern.startsWith("]", i)) {
            i++; // a bracket that stands first is a member
        }
        while (i < pattern.length() && pattern.charAt(i) != ']') {
            if (pattern.charAt(i) == '\\') {
                i++;
            } else if (pattern.startsWith("[:", i)) {
                i = Math.max(i, pattern.indexOf(":]", i) + 1);
            }
            i++;
        }
        return i + 1;
    }
}
