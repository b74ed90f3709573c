package marina.site;

import java.nio.file.Path;
import java.util.List;

/**
 * A Markdown file that has been read.
 *
 * @param source relative to the repository: {@code docs/fleet.md}
 * @param title its first heading
 * @param html its content; links to other pages end with {@code .html} there
 * @param sections its headings, each with the text below it, in order
 * @param links where it leads to within the repository
 */
record Page(Path source, String title, String html, List<Section> sections, List<Link> links) {

    /**
     * A heading and what follows up to the next one.
     *
     * @param level 1 to 6
     * @param anchor its id
     * @param heading in plain text
     * @param text in plain text
     */
    record Section(int level, String anchor, String heading, String text) {}

    /**
     * A link to something in the repository.
     *
     * @param written as it is in the file
     * @param target file or folder, relative to the repository
     * @param anchor without {@code #}, empty for none
     */
    record Link(String written, Path target, String anchor) {}

    /** Copies the lists. */
    Page {
        sections = List.copyOf(sections);
        links = List.copyOf(links);
    }

    /** Where it goes in the site: {@code docs/fleet.html}; the README of a folder is its index. */
    Path output() {
        return outputOf(source);
    }

    /** Whether an anchor leads into it. */
    boolean has(String anchor) {
        return anchor.isEmpty()
                || sections.stream().anyMatch(section -> section.anchor().equals(anchor));
    }

    static Path outputOf(Path source) {
        String name = String.valueOf(source.getFileName());
        String html = name.equals("README.md") ? "index.html" : name.replaceFirst("\\.md$", ".html");
        return source.resolveSibling(html);
    }
}
