package marina.site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The pages of a repository: its Markdown files at the top and below {@code docs}. For one thread. */
final class Site {
    private static final List<String> TOP = List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md");
    private static final List<String> OWN_FILES = List.of("site.css", "site.js");

    private final Path repository;
    private final Map<Path, Page> pages;

    private Site(Path repository, Map<Path, Page> pages) {
        this.repository = repository;
        this.pages = pages;
    }

    /** Reads all pages; nothing is checked yet. */
    static Site read(Path repository) throws IOException {
        Path root = repository.toAbsolutePath().normalize();
        List<Path> sources = new ArrayList<>();
        TOP.stream()
                .map(Path::of)
                .filter(file -> Files.exists(root.resolve(file)))
                .forEach(sources::add);
        try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md"))
                    .map(root::relativize)
                    .sorted()
                    .forEach(sources::add);
        }
        Map<Path, Page> pages = new LinkedHashMap<>();
        for (Path source : sources) {
            pages.put(source, Markdown.read(root, source, Files.readString(root.resolve(source))));
        }
        Path folder = Path.of("docs", "adr");
        Path decisions = folder.resolve("README.md");
        if (!pages.containsKey(decisions)) {
            pages.put(decisions, Markdown.read(root, decisions, listOf(pages, folder)));
        }
        return new Site(root, pages);
    }

    /** A page for a folder that has none: what lies in it. */
    private static String listOf(Map<Path, Page> pages, Path folder) {
        StringBuilder list = new StringBuilder("# Decisions\n\nOne page each: what was decided, and why.\n\n");
        pages.values().stream()
                .filter(page -> folder.equals(page.source().getParent()))
                .forEach(page ->
                        list.append("- [" + page.title() + "](" + page.source().getFileName() + ")\n"));
        return list.toString();
    }

    List<Page> pages() {
        return List.copyOf(pages.values());
    }

    /** Links that lead nowhere, as {@code file: link: what is wrong}. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Page page : pages.values()) {
            for (Page.Link link : page.links()) {
                problem(link).ifPresent(what -> problems.add(page.source() + ": (" + link.written() + "): " + what));
            }
        }
        return problems;
    }

    private Optional<String> problem(Page.Link link) {
        Page target = pages.get(pageOf(link.target()));
        if (target != null) {
            return target.has(link.anchor())
                    ? Optional.empty()
                    : Optional.of("there is no heading \"#" + link.anchor() + "\" in " + target.source());
        }
        if (link.target().startsWith("..") || !Files.isRegularFile(repository.resolve(link.target()))) {
            return Optional.of("there is no " + link.target());
        }
        return Optional.empty();
    }

    /** The page that shows a file or a folder. */
    private Path pageOf(Path target) {
        return Files.isDirectory(repository.resolve(target)) ? target.resolve("README.md") : target;
    }

    /** Writes everything; what was in the folder before is replaced. */
    void write(Path output) throws IOException {
        delete(output);
        Layout layout = new Layout(pages());
        for (Page page : pages.values()) {
            write(output.resolve(page.output()), layout.render(page));
        }
        write(output.resolve("search-index.js"), SearchIndex.of(pages()));
        for (String file : OWN_FILES) {
            write(output.resolve(file), resource(file));
        }
        for (Path file : filesBeside()) {
            Path copy = output.resolve(file);
            Files.createDirectories(Objects.requireNonNull(copy.getParent()));
            Files.copy(repository.resolve(file), copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** What pages lead to and is no page: pictures, samples. */
    private Set<Path> filesBeside() {
        Set<Path> files = new TreeSet<>();
        for (Page page : pages.values()) {
            page.links().stream()
                    .map(Page.Link::target)
                    .filter(target -> !pages.containsKey(pageOf(target)))
                    .forEach(files::add);
        }
        return files;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    static String resource(String name) throws IOException {
        try (var content = Objects.requireNonNull(Site.class.getResourceAsStream(name), name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
