package marina.export;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import marina.config.FleetConfig;
import marina.config.PublicConfig;
import marina.config.ServerConfig;

/**
 * Asks a running server for pages and puts them into its public folder, where it and an edge before it answer them without their
 * application. For one thread.
 */
public final class Prerender {
    /** Longer than the server remembers where a path leads. */
    private static final long FORGOTTEN_AFTER_SECONDS = 1;

    private final PublicConfig files;
    private final String base;
    private final PrerenderedPages pages;
    private final PageFetch fetch;

    /**
     * What came of one page.
     *
     * @param url of the page
     * @param done whether it was written
     * @param text the file, or what is wrong
     */
    public record Outcome(URI url, boolean done, String text) {}

    /** A page on its way. */
    private record Page(URI url, String name, Path file) {}

    /**
     * Pages of one configuration.
     *
     * @throws ExportException when it has no public folder
     */
    public Prerender(ServerConfig config) throws ExportException, IOException {
        this.files = config.access().publicFiles();
        if (!files.enabled()) {
            throw new ExportException("there is no public folder; write e.g. public: { directory: public, try_files:"
                    + " [index.html, .html] }");
        }
        this.base = config.basePath().isRoot() ? "" : config.basePath().value();
        this.pages = new PrerenderedPages(files.directory());
        Set<String> places = config.fleet().locate().stream()
                .filter(rule -> rule.from() == FleetConfig.LocateRule.From.COOKIE)
                .map(FleetConfig.LocateRule::name)
                .collect(Collectors.toSet());
        this.fetch = new PageFetch(places);
    }

    /**
     * Fetches and writes; what fails leaves the page that was there before.
     *
     * @param force whether files that were not made so may be replaced
     */
    public List<Outcome> pages(List<URI> urls, boolean force) throws IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        List<Page> wanted = new ArrayList<>();
        for (URI url : urls) {
            try {
                String name = PageName.of(url, base, files);
                wanted.add(new Page(url, name, pages.place(name, force)));
            } catch (ExportException e) {
                outcomes.add(new Outcome(url, false, String.valueOf(e.getMessage())));
            }
        }
        try {
            boolean hidden = false;
            for (Page page : wanted) {
                hidden |= pages.hide(page.file());
            }
            if (hidden) {
                PageFetch.pause(FORGOTTEN_AFTER_SECONDS);
            }
            for (Page page : wanted) {
                outcomes.add(make(page));
            }
        } finally {
            for (Page page : wanted) {
                pages.restore(page.file());
            }
        }
        return outcomes;
    }

    private Outcome make(Page page) throws InterruptedException {
        try {
            pages.put(page.name(), page.file(), fetch.get(page.url()));
            return new Outcome(page.url(), true, page.file().toString());
        } catch (ExportException e) {
            return new Outcome(page.url(), false, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome(page.url(), false, "it cannot be fetched or written: " + e);
        }
    }
}
