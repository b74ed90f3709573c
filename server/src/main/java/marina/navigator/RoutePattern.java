package marina.navigator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An RE2 pattern of a route, understood as far as a translation needs it: its anchors, its groups. Immutable. */
final class RoutePattern {
    private static final int MOST_GROUPS = 9;

    private final String text;
    private final Map<String, Integer> namedGroups = new HashMap<>();
    private int groups;
    private boolean alternatives;
    private boolean closedAtEnd;

    RoutePattern(String text) {
        this.text = text;
        scan();
    }

    int groups() {
        return groups;
    }

    /** Whether a match can only begin where the path begins. */
    private boolean beginsAtStart() {
        return text.startsWith("^") && !alternatives;
    }

    private boolean takesAllToTheEnd() {
        return closedAtEnd && !alternatives;
    }

    private void scan() {
        int depth = 0;
        boolean inClass = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (inClass) {
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
                i += text.startsWith("[^]", i) ? 2 : text.startsWith("[]", i) ? 1 : 0;
            } else if (c == '(') {
                depth++;
                group(i);
            } else if (c == ')') {
                depth--;
            } else if (c == '|' && depth == 0) {
                alternatives = true;
            } else if (c == '$' && i == text.length() - 1) {
                closedAtEnd = true;
            }
        }
        closedAtEnd = closedAtEnd || List.of("(.*)", "(.+)").stream().anyMatch(text::endsWith);
    }

    private void group(int at) {
        if (!text.startsWith("(?", at)) {
            groups++;
            return;
        }
        int name = text.startsWith("(?P<", at) ? at + 4 : text.startsWith("(?<", at) ? at + 3 : -1;
        if (name > 0 && text.indexOf('>', name) > 0) {
            groups++;
            namedGroups.put(text.substring(name, text.indexOf('>', name)), groups);
        }
    }

    /** A pattern and the path that it leads to. */
    record Replacement(String match, String path) {}

    /**
     * What replaces the part of the path that matches and keeps the rest, as Go's ReplaceAllString does with the first match.
     *
     * @param unknown takes the names of groups that there are not, which are empty
     */
    Replacement replacing(String replacement, List<String> unknown) {
        boolean before = !beginsAtStart();
        boolean after = !takesAllToTheEnd();
        String core = alternatives && (before || after) ? "(?:" + text + ")" : text;
        String match = (before ? "^((?s:.*?))" : "") + core + (after ? "((?s:.*))$" : "");
        int shift = before ? 1 : 0;
        String path = (before ? "$1" : "") + expand(replacement, shift, unknown);
        return new Replacement(match, path + (after ? "$" + (groups + shift + 1) : ""));
    }

    /** How many groups {@link #replacing} needs; only nine can be told apart. */
    boolean tooManyGroups() {
        return groups + (beginsAtStart() ? 0 : 1) + (takesAllToTheEnd() ? 0 : 1) > MOST_GROUPS;
    }

    /** The pattern with one group around the whole path. */
    String wholePath() {
        if (beginsAtStart() && !text.endsWith("$")) {
            return "^(" + text.substring(1) + "(?s:.*))$";
        }
        if (beginsAtStart() && closedAtEnd) {
            return "^(" + text.substring(1, text.length() - 1) + ")$";
        }
        return "^((?s:.*?)(?:" + text + ")(?s:.*))$";
    }

    /** The pattern, to be found from the beginning of a path. */
    String fromStart() {
        return text.startsWith("^") ? text : "^(?s:.*?)(?:" + text + ")";
    }

    /** Go's form of references to groups in ours: {@code $1}, {@code ${1}}, {@code ${name}}, {@code $$}. */
    String expand(String replacement, int shift, List<String> unknown) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            if (c != '$' || i + 1 == replacement.length()) {
                result.append(c);
            } else if (replacement.charAt(i + 1) == '$') {
                result.append('$');
                i++;
            } else {
                String name = name(replacement, i + 1);
                if (name.isEmpty()) {
                    result.append('$');
                } else {
                    boolean braces = replacement.charAt(i + 1) == '{';
                    result.append(reference(name, shift, unknown));
                    i += name.length() + (braces ? 2 : 0);
                }
            }
        }
        return result.toString();
    }

    /** After a number the next letter is a letter: nobody means the group "1x". */
    private static String name(String text, int from) {
        if (text.charAt(from) == '{') {
            int end = text.indexOf('}', from);
            return end < 0 ? "" : text.substring(from + 1, end);
        }
        boolean number = Character.isDigit(text.charAt(from));
        int end = from;
        while (end < text.length()
                && (Character.isDigit(text.charAt(end))
                        || (!number && (Character.isLetter(text.charAt(end)) || text.charAt(end) == '_')))) {
            end++;
        }
        return text.substring(from, end);
    }

    private String reference(String name, int shift, List<String> unknown) {
        boolean number = name.matches("\\d{1,4}");
        int group = number ? Integer.parseInt(name) : namedGroups.getOrDefault(name, 0);
        if (group < 1 || group > groups || group + shift > MOST_GROUPS) {
            unknown.add(name);
            return "";
        }
        return "$" + (group + shift);
    }

    /** Characters that mean something in patterns, as themselves. */
    static String quote(String literal) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            result.append("\\.+*?()|[]{}^$".indexOf(c) >= 0 ? "\\" : "").append(c);
        }
        return result.toString();
    }

    /** A glob of path.Match as a pattern: {@code *} and {@code ?} do not cross a slash. */
    static String glob(String glob) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            int end = c == '[' ? glob.indexOf(']', i + 1) : -1;
            if (c == '*') {
                parts.add("[^/]*");
            } else if (c == '?') {
                parts.add("[^/]");
            } else if (end > 0) {
                parts.add(glob.substring(i, end + 1));
                i = end;
            } else {
                parts.add(quote(String.valueOf(c)));
            }
        }
        return "^" + String.join("", parts) + "$";
    }
}
