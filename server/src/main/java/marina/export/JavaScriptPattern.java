package marina.export;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of RE2 as a regular expression of JavaScript that matches the same. What JavaScript has no words for is refused.
 * RE2 takes linear time and JavaScript may not; the texts here are paths, which are short.
 *
 * @param source for {@code new RegExp}
 * @param flags {@code u}, and {@code i} and {@code m} where the pattern begins with them
 */
record JavaScriptPattern(String source, String flags) {
    private static final Pattern START = Pattern.compile("\\(\\?([imsU]+)\\)");
    private static final Pattern REPEAT = Pattern.compile("\\{\\d+(,\\d*)?}");
    private static final Pattern CODE = Pattern.compile("x([0-9A-Fa-f]{2})|x\\{([0-9A-Fa-f]+)}");
    private static final Pattern PROPERTY = Pattern.compile("([pP])(?:\\{(\\^?)(\\w+)}|(\\w))");
    private static final String BLANKS = "\\t\\n\\f\\r ";

    /** What RE2 takes for no blank and JavaScript does. */
    private static final String MORE_BLANKS =
            "\\v\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

    private static final Map<String, String> NAMED = Map.of(
            "alpha", "A-Za-z",
            "alnum", "0-9A-Za-z",
            "digit", "0-9",
            "lower", "a-z",
            "upper", "A-Z",
            "xdigit", "0-9A-Fa-f",
            "word", "\\w",
            "space", "\\t\\n\\v\\f\\r ");

    /**
     * Translates.
     *
     * @throws ExportException when JavaScript cannot say it
     */
    static JavaScriptPattern of(String re2) throws ExportException {
        Matcher start = START.matcher(re2);
        String given = start.lookingAt() ? start.group(1) : "";
        if (given.contains("U")) {
            throw refusal(re2, "(?U)");
        }
        Translation translation = new Translation(re2, given.contains("s"), given.contains("m"));
        String source = translation.all(given.isEmpty() ? 0 : start.end());
        return new JavaScriptPattern(source, "u" + (given.contains("i") ? "i" : "") + (given.contains("m") ? "m" : ""));
    }

    private static ExportException refusal(String re2, String part) {
        return new ExportException("the pattern \"" + re2 + "\" cannot be exported, because JavaScript has nothing for "
                + part + "; write it in another way");
    }

    /** One pattern on its way. */
    private static final class Translation {
        private final String re2;
        private final boolean dotIsAll;
        private final boolean lines;
        private final StringBuilder out = new StringBuilder();
        private int at;

        Translation(String re2, boolean dotIsAll, boolean lines) {
            this.re2 = re2;
            this.dotIsAll = dotIsAll;
            this.lines = lines;
        }

        String all(int from) throws ExportException {
            at = from;
            while (at < re2.length()) {
                one();
            }
            return out.toString();
        }

        private void one() throws ExportException {
            char c = re2.charAt(at++);
            switch (c) {
                case '\\' -> escape(false);
                case '[' -> characters();
                case '.' -> out.append(dotIsAll ? "[^]" : "[^\\n]");
                case '(' -> group();
                case '{' -> brace();
                case '}', ']', '/' -> out.append('\\').append(c);
                default -> out.append(c);
            }
        }

        private void group() throws ExportException {
            out.append('(');
            if (!re2.startsWith("?", at)) {
                return;
            }
            if (re2.startsWith("?:", at)) {
                out.append("?:");
                at += 2;
            } else if (re2.startsWith("?P<", at) || re2.startsWith("?<", at)) {
                at = re2.indexOf('>', at) + 1; // by number is how groups are used
            } else {
                throw refusal(re2, "(?… within a pattern");
            }
        }

        private void brace() {
            Matcher repeat = REPEAT.matcher(re2).region(at - 1, re2.length());
            if (repeat.lookingAt()) {
                out.append(repeat.group());
                at = repeat.end();
            } else {
                out.append("\\{");
            }
        }

        private void escape(boolean inside) throws ExportException {
            char c = re2.charAt(at);
            Matcher code = CODE.matcher(re2).region(at, re2.length());
            Matcher property = PROPERTY.matcher(re2).region(at, re2.length());
            if (code.lookingAt()) {
                at = code.end();
                String hex = code.group(1) == null ? code.group(2) : code.group(1);
                out.append("\\u{").append(hex).append('}');
            } else if (property.lookingAt()) {
                at = property.end();
                property(property);
            } else if (c == 'Q') {
                int end = re2.indexOf("\\E", at);
                String literal = re2.substring(at + 1, end < 0 ? re2.length() : end);
                literal.codePoints().forEach(this::literal);
                at = end < 0 ? re2.length() : end + 2;
            } else {
                at++;
                letter(c, inside);
            }
        }

        private void letter(char c, boolean inside) throws ExportException {
            switch (c) {
                case 's' -> out.append(inside ? BLANKS : "[" + BLANKS + "]");
                case 'S' -> out.append(inside ? "\\S" + MORE_BLANKS : "[^" + BLANKS + "]");
                case 'd', 'D', 'w', 'W', 't', 'n', 'f', 'r', 'v' -> out.append('\\')
                        .append(c);
                case 'a' -> out.append("\\x07");
                case 'b', 'B' -> out.append('\\').append(c);
                case 'A', 'z' -> {
                    if (lines || inside) {
                        throw refusal(re2, "\\" + c + " here");
                    }
                    out.append(c == 'A' ? '^' : '$');
                }
                default -> {
                    if (Character.isLetterOrDigit(c)) {
                        throw refusal(re2, "\\" + c);
                    }
                    literal(c);
                }
            }
        }

        private void property(Matcher found) {
            String name = found.group(3) == null ? found.group(4) : found.group(3);
            boolean negated = found.group(1).equals("P") != "^".equals(found.group(2));
            out.append(negated ? "\\P{" : "\\p{")
                    .append(name.length() > 2 ? "Script=" : "")
                    .append(name)
                    .append('}');
        }

        private void characters() throws ExportException {
            out.append('[');
            if (re2.startsWith("^", at)) {
                out.append('^');
                at++;
            }
            int start = at;
            boolean single = false; // whether a range can begin with what stands before
            while (at == start || re2.charAt(at) != ']') {
                char c = re2.charAt(at);
                int named = c == '[' && re2.startsWith(":", at + 1) ? re2.indexOf(":]", at) : -1;
                if (named > 0) {
                    named(re2.substring(at + 2, named));
                    at = named + 2;
                    single = false;
                } else if (c == '\\') {
                    at++;
                    single = "sSdDwWpPQ".indexOf(re2.charAt(at)) < 0;
                    escape(true);
                } else if (c == '-' && single && !re2.startsWith("]", at + 1)) {
                    out.append('-');
                    at++;
                    single = false;
                } else {
                    int point = re2.codePointAt(at);
                    literal(point);
                    at += Character.charCount(point);
                    single = true;
                }
            }
            at++;
            out.append(']');
        }

        private void named(String name) throws ExportException {
            String members = NAMED.get(name);
            if (members == null) {
                throw refusal(re2, "[:" + name + ":]");
            }
            out.append(members);
        }

        /** A character that stands for itself. */
        private void literal(int point) {
            if (point < 0x80 && !Character.isLetterOrDigit(point)) {
                out.append(String.format("\\u{%x}", point));
            } else {
                out.appendCodePoint(point);
            }
        }
    }
}
