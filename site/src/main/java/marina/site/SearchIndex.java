package marina.site;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the search of the pages looks through: each section with its page, heading and text. A script rather than JSON, because pages that are
 * opened from a disk may not fetch files.
 */
final class SearchIndex {
    private SearchIndex() {}

    static String of(List<Page> pages) {
        return pages.stream()
                .flatMap(page -> page.sections().stream().map(section -> entry(page, section)))
                .collect(Collectors.joining(",\n", "window.searchIndex = [\n", "\n];\n"));
    }

    private static String entry(Page page, Page.Section section) {
        return "[" + quoted(page.output().toString().replace('\\', '/') + "#" + section.anchor()) + ","
                + quoted(page.title()) + "," + quoted(section.heading()) + ","
                + quoted(section.text()) + "]";
    }

    /** A string of JSON, and of a script in a page. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '\u2028' || c == '\u2029') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
