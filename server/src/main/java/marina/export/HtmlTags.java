package marina.export;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The start tags of a page with their attributes, as far as one needs them to find what the page refers to (WHATWG HTML section
 * 13.2.5, without its repairs). Comments and what scripts say are passed over. For one thread.
 */
final class HtmlTags {
    /** The attribute under which the text of a style element is told. */
    static final String TEXT = "#text";

    private final String html;
    private final BiConsumer<String, Map<String, String>> onTag;
    private int at;

    private HtmlTags(String html, BiConsumer<String, Map<String, String>> onTag) {
        this.html = html;
        this.onTag = onTag;
    }

    /** Tells each tag, in lower case, with its attributes; the first of two attributes of one name counts. */
    static void read(String html, BiConsumer<String, Map<String, String>> onTag) {
        new HtmlTags(html, onTag).read();
    }

    private void read() {
        while ((at = html.indexOf('<', at)) >= 0 && at + 1 < html.length()) {
            if (html.startsWith("<!--", at)) {
                at = end("-->", at + 4);
            } else if (isLetter(html.charAt(at + 1))) {
                at++;
                tag();
            } else {
                at++;
            }
        }
    }

    /** Behind the next occurrence of a text, or at the end of the page. */
    private int end(String text, int from) {
        int found = html.indexOf(text, from);
        return found < 0 ? html.length() : found + text.length();
    }

    private void tag() {
        String name = word(" \t\n\r\f/>");
        Map<String, String> attributes = attributes();
        if (at == html.length() && html.charAt(at - 1) != '>') {
            return; // it never ends, so that a browser takes it for none
        }
        if (name.equals("script") || name.equals("style")) {
            int start = at;
            at = endOfText("</" + name);
            if (name.equals("style")) {
                attributes.put(TEXT, html.substring(start, at));
            }
        }
        onTag.accept(name, attributes);
    }

    private int endOfText(String closing) {
        for (int i = at; i + closing.length() <= html.length(); i++) {
            if (html.regionMatches(true, i, closing, 0, closing.length())) {
                return i;
            }
        }
        return html.length();
    }

    private Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        for (skip(" \t\n\r\f/"); at < html.length() && html.charAt(at) != '>'; skip(" \t\n\r\f/")) {
            int start = at;
            String name = word(" \t\n\r\f/>=");
            if (at == start) {
                at++; // an equals sign without a name
                continue;
            }
            skip(" \t\n\r\f");
            boolean hasValue = at < html.length() && html.charAt(at) == '=';
            attributes.putIfAbsent(name, hasValue ? value() : "");
        }
        at = Math.min(at + 1, html.length());
        return attributes;
    }

    private String value() {
        at++;
        skip(" \t\n\r\f");
        char quote = at < html.length() ? html.charAt(at) : ' ';
        if (quote != '"' && quote != '\'') {
            int start = at;
            find(" \t\n\r\f>");
            return decoded(html.substring(start, at));
        }
        int start = at + 1;
        at = end(String.valueOf(quote), start);
        return decoded(html.substring(Math.min(start, at), Math.max(start, at - 1)));
    }

    private String word(String ends) {
        int start = at;
        find(ends);
        return html.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private void find(String ends) {
        while (at < html.length() && ends.indexOf(html.charAt(at)) < 0) {
            at++;
        }
    }

    private void skip(String characters) {
        while (at < html.length() && characters.indexOf(html.charAt(at)) >= 0) {
            at++;
        }
    }

    /** The references that templates write into addresses. */
    private static String decoded(String value) {
        return value.indexOf('&') < 0
                ? value
                : value.replace("&quot;", "\"")
                        .replace("&#34;", "\"")
                        .replace("&#39;", "'")
                        .replace("&#x27;", "'")
                        .replace("&#x2F;", "/")
                        .replace("&#47;", "/")
                        .replace("&amp;", "&");
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
