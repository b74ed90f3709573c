package marina.config;

/**
 * Some paths: {@code /up} exactly, {@code /assets/} and all below, what ends in {@code *.css}, or the pattern {@code ^/2025/}.
 *
 * @param form which of these
 * @param text as written
 * @param regex what it means, as a pattern for the canonical path
 */
public record PathRule(Form form, String text, Regex regex) {

    /** The forms. */
    public enum Form {
        /** One path. */
        EXACT,
        /** A folder and all below. */
        PREFIX,
        /** An extension, or another end, of public files; never something that a backend answers. */
        EXTENSION,
        /** An RE2 pattern. */
        PATTERN
    }

    static PathRule parse(String text) {
        if (text.startsWith("^")) {
            return new PathRule(Form.PATTERN, text, Texts.regex(text));
        }
        if (text.startsWith("*") && text.length() > 1 && "*?[".chars().noneMatch(c -> text.indexOf(c, 1) >= 0)) {
            return new PathRule(Form.EXTENSION, text, Texts.regex("\\Q" + text.substring(1) + "\\E$"));
        }
        if (!text.startsWith("/")) {
            throw BadText.of("is no rule for paths; write /exact, /folder/, *.extension or ^pattern");
        }
        boolean folder = text.endsWith("/");
        String literal = "^\\Q" + text + "\\E";
        return new PathRule(folder ? Form.PREFIX : Form.EXACT, text, Texts.regex(folder ? literal : literal + "$"));
    }
}
