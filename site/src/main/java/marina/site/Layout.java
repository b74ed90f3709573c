package marina.site;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What stands around the content of each page: head, contents of the site, contents of the page. For one thread. */
final class Layout {
    private static final int DEEPEST = 3;
    private static final String OTHERS = "More";

    private final String template;
    private final Map<String, List<Page>> groups;

    /** Reads {@code contents.txt}: groups, and the files in them; files that are named nowhere are in a group at the end. */
    Layout(List<Page> pages) throws IOException {
        template = Site.resource("page.html");
        groups = new LinkedHashMap<>();
        List<Page> left = new ArrayList<>(pages);
        List<Page> group = new ArrayList<>();
        for (String line : Site.resource("contents.txt").lines().toList()) {
            if (line.startsWith("# ")) {
                group = new ArrayList<>();
                groups.put(line.substring(2), group);
            } else {
                for (Page page : pages) {
                    if (page.source().equals(Path.of(line))) {
                        group.add(page);
                        left.remove(page);
                    }
                }
            }
        }
        left.removeIf(page -> page.source().startsWith(Path.of("docs", "adr")));
        groups.computeIfAbsent(OTHERS, missing -> new ArrayList<>()).addAll(left);
    }

    String render(Page page) {
        Path folder = page.output().getParent();
        String root = folder == null ? "" : "../".repeat(folder.getNameCount());
        return template.replace("{{title}}", escaped(page.title()))
                .replace("{{root}}", root)
                .replace("{{navigation}}", navigation(page, root))
                .replace("{{outline}}", outline(page))
                .replace("{{content}}", page.html());
    }

    private String navigation(Page current, String root) {
        StringBuilder html = new StringBuilder();
        groups.forEach((name, pages) -> {
            if (pages.isEmpty()) {
                return;
            }
            html.append("<h2>").append(escaped(name)).append("</h2>\n<ul>\n");
            for (Page page : pages) {
                String here = page.equals(current) ? " aria-current=\"page\"" : "";
                html.append("<li><a href=\"" + root + page.output().toString().replace('\\', '/') + "\"" + here + ">"
                        + escaped(page.title()) + "</a></li>\n");
            }
            html.append("</ul>\n");
        });
        return html.toString();
    }

    private static String outline(Page page) {
        StringBuilder html = new StringBuilder();
        page.sections().stream()
                .filter(section -> section.level() > 1 && section.level() <= DEEPEST)
                .forEach(section -> html.append("<li class=\"level" + section.level() + "\"><a href=\"#"
                        + escaped(section.anchor()) + "\">" + escaped(section.heading()) + "</a></li>\n"));
        return html.toString();
    }

    private static String escaped(String text) {
        return Objects.requireNonNull(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
