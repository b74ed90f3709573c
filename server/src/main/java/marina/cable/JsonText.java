package marina.cable;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a JSON object (RFC 8259) as they are written, so that a value can be passed on without being changed:
 * a number keeps its digits, an object its order. One text, one thread.
 */
final class JsonText {
    /** Nobody nests deeper who means it; this method calls itself for each level. */
    private static final int DEEPEST = 200;

    private static final String HEX = "0123456789abcdef";

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * The values by name, as written, of the last of several by one name.
     *
     * @throws IllegalArgumentException when the text is no JSON object
     */
    static Map<String, String> members(String text) {
        JsonText reader = new JsonText(text);
        Map<String, String> members = new HashMap<>();
        reader.blanks();
        reader.object(1, members);
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.wrong();
        }
        return members;
    }

    /** The characters of a string as {@link #members} gives it; empty when the value is absent or no string. */
    static String string(@Nullable String value) {
        return value == null || !value.startsWith("\"") ? "" : new JsonText(value).string();
    }

    /** The text as a JSON string. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || isLone(text, i)) {
                quoted.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    quoted.append(HEX.charAt((c >> shift) & 0xF));
                }
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** Half of a pair cannot be written in UTF-8. */
    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private void value(int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("it is nested more than " + DEEPEST + " deep");
        }
        char c = peek();
        if (c == '{') {
            object(depth, null);
        } else if (c == '[') {
            array(depth);
        } else if (c == '"') {
            string();
        } else if (c == '-' || isDigit(c)) {
            number();
        } else {
            word();
        }
    }

    private void object(int depth, @Nullable Map<String, String> members) {
        take('{');
        blanks();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            blanks();
            String name = string();
            blanks();
            take(':');
            blanks();
            int start = at;
            value(depth + 1);
            if (members != null) {
                members.put(name, text.substring(start, at));
            }
            blanks();
            if (peek() == '}') {
                at++;
                return;
            }
            take(',');
        }
    }

    private void array(int depth) {
        take('[');
        blanks();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            blanks();
            value(depth + 1);
            blanks();
            if (peek() == ']') {
                at++;
                return;
            }
            take(',');
        }
    }

    private String string() {
        take('"');
        int start = at;
        while (peek() != '"' && peek() != '\\' && peek() >= ' ') {
            at++;
        }
        if (peek() == '"') {
            return text.substring(start, at++);
        }
        StringBuilder chars = new StringBuilder(text.substring(start, at));
        while (peek() != '"') {
            char c = peek();
            at++;
            if (c < ' ') {
                throw wrong();
            }
            chars.append(c == '\\' ? escaped() : c);
        }
        at++;
        return chars.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong();
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = peek();
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw wrong();
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private void number() {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
    }

    private void digits() {
        if (!isDigit(peek())) {
            throw wrong();
        }
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private void word() {
        for (String word : new String[] {"true", "false", "null"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return;
            }
        }
        throw wrong();
    }

    private void blanks() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** The next character; at the end one that fits nowhere. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void take(char expected) {
        if (peek() != expected) {
            throw wrong();
        }
        at++;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("it is no JSON at character " + (at + 1));
    }
}
