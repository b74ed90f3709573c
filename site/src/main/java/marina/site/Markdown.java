package marina.site;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/** Reads one file as GitHub does: its tables, and the ids that its headings get. For one thread. */
final class Markdown {
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final TextContentRenderer TEXT =
            TextContentRenderer.builder().extensions(EXTENSIONS).build();
    private static final Set<String> WEB = Set.of("http", "https", "mailto");

    private final Path repository;
    private final Path source;
    private final Map<String, Integer> used = new HashMap<>();
    private final IdentityHashMap<Node, String> anchors = new IdentityHashMap<>();
    private final List<Page.Link> links = new ArrayList<>();

    private Markdown(Path repository, Path source) {
        this.repository = repository;
        this.source = source;
    }

    /**
     * Reads it.
     *
     * @param repository absolute
     * @param source relative to the repository
     */
    static Page read(Path repository, Path source, String text) {
        return new Markdown(repository, source).read(text);
    }

    private Page read(String text) {
        Node document = PARSER.parse(text);
        document.accept(new Rewriting());
        List<Page.Section> sections = sections(document);
        String html = HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    String anchor = anchors.get(node);
                    if (anchor != null) {
                        attributes.put("id", anchor);
                    }
                })
                .build()
                .render(document);
        String title = sections.isEmpty() ? source.toString() : sections.get(0).heading();
        return new Page(source, title, html, sections, links);
    }

    private List<Page.Section> sections(Node document) {
        List<Page.Section> sections = new ArrayList<>();
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading heading) {
                StringBuilder body = new StringBuilder();
                for (Node next = node.getNext(); next != null && !(next instanceof Heading); next = next.getNext()) {
                    body.append(TEXT.render(next)).append(' ');
                }
                sections.add(new Page.Section(
                        heading.getLevel(),
                        anchors.getOrDefault(node, ""),
                        words(heading),
                        body.toString().replaceAll("\\s+", " ").strip()));
            }
        }
        return sections;
    }

    /** The text of a heading as it is read; the renderer would put code into quotes. */
    private static String words(Heading heading) {
        StringBuilder words = new StringBuilder();
        heading.accept(new AbstractVisitor() {
            @Override
            public void visit(Text text) {
                words.append(text.getLiteral());
            }

            @Override
            public void visit(Code code) {
                words.append(code.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak end) {
                words.append(' ');
            }
        });
        return words.toString().strip();
    }

    /** Lower case, no punctuation, hyphens for spaces, a number when it is there already. */
    private String anchor(String heading) {
        String plain = heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                .replace(' ', '-');
        int before = used.merge(plain, 1, Integer::sum) - 1;
        return before == 0 ? plain : plain + "-" + before;
    }

    /** Takes note of links, and turns those to Markdown files into those to pages. */
    private final class Rewriting extends AbstractVisitor {
        @Override
        public void visit(Heading heading) {
            anchors.put(heading, anchor(words(heading)));
            visitChildren(heading);
        }

        @Override
        public void visit(Link link) {
            link.setDestination(rewritten(link.getDestination()));
            visitChildren(link);
        }

        @Override
        public void visit(Image image) {
            image.setDestination(rewritten(image.getDestination()));
            visitChildren(image);
        }
    }

    private String rewritten(String destination) {
        URI uri = URI.create(destination);
        if (uri.getScheme() != null) {
            if (!WEB.contains(uri.getScheme())) {
                links.add(new Page.Link(destination, Path.of("no-such-scheme"), ""));
            }
            return destination;
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        String anchor = uri.getFragment() == null ? "" : uri.getFragment();
        Path target = path.isEmpty() ? source : source.resolveSibling(path).normalize();
        links.add(new Page.Link(destination, target, anchor));
        String fragment = anchor.isEmpty() ? "" : "#" + anchor;
        if (path.isEmpty()) {
            return fragment;
        }
        if (Files.isDirectory(repository.resolve(target))) {
            return path.replaceFirst("/?$", "/index.html") + fragment;
        }
        Path shown = Page.outputOf(Path.of(path));
        return (path.endsWith(".md") ? shown.toString() : path) + fragment;
    }
}
