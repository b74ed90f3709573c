package marina.export;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import marina.config.FleetConfig;
import marina.config.PublicConfig;
import marina.config.ServerConfig;
import marina.files.MediaTypes;

/**
 * Asks a running server for pages and puts them into its public folder, where it and an edge before it answer them without their
 * application. For one thread.
 */
public final class Prerender {
    /** Longer than the server remembers where a path leads. */
    private static final long FORGOTTEN_AFTER_SECONDS = 1;

    private static final String HTML = "text/html";

    private final ServerConfig config;
    private final Steps steps;
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

    /**
     * What is to be done beside the pages that are named.
     *
     * @param force whether files that were not made so may be replaced
     * @param assets whether what the pages refer to is fetched as well
     */
    public record Options(boolean force, boolean assets) {}

    /** Something on its way. */
    private record Page(URI url, String name, Path file, String type) {}

    /**
     * Pages of one configuration.
     *
     * @throws ExportException when it has no public folder
     */
    public Prerender(ServerConfig config) throws ExportException, IOException {
        this(config, (done, all) -> {});
    }

    /** Takes note of how far it is. */
    public interface Steps {
        /** So many of so many pages are made. */
        void at(long done, long all);
    }

    /**
     * Pages of one configuration.
     *
     * @param steps told after each page
     * @throws ExportException when it has no public folder
     */
    public Prerender(ServerConfig config, Steps steps) throws ExportException, IOException {
        this.config = config;
        this.steps = steps;
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

    /** Fetches and writes; what fails leaves the file that was there before. */
    public List<Outcome> pages(List<URI> urls, Options options) throws IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        List<Page> hidden = new ArrayList<>();
        Assets assets = new Assets(config);
        try {
            makeAll(wantedPages(urls, options.force(), assets, outcomes), assets, hidden, outcomes);
            List<URI> more = options.assets() ? assets.next() : List.of();
            while (!more.isEmpty()) {
                makeAll(wantedAssets(more, options.force(), assets, outcomes), assets, hidden, outcomes);
                more = assets.next();
            }
            if (options.assets()) {
                assets.leftOut().ifPresent(url -> outcomes.add(new Outcome(url, false, Assets.TOO_MUCH)));
            }
        } finally {
            for (Page page : hidden) {
                pages.restore(page.file());
            }
        }
        return outcomes;
    }

    private List<Page> wantedPages(List<URI> urls, boolean force, Assets assets, List<Outcome> outcomes)
            throws IOException {
        List<Page> wanted = new ArrayList<>();
        for (URI url : urls) {
            try {
                String name = PageName.of(url, base, files);
                assets.asked(url);
                wanted.add(new Page(url, name, pages.place(name, force), HTML));
            } catch (ExportException e) {
                outcomes.add(new Outcome(url, false, String.valueOf(e.getMessage())));
            }
        }
        return wanted;
    }

    private List<Page> wantedAssets(List<URI> urls, boolean force, Assets assets, List<Outcome> outcomes)
            throws IOException {
        List<Page> wanted = new ArrayList<>();
        for (URI url : urls) {
            try {
                String name = PageName.of(assets.plain(url), base, files);
                if (!assets.isPublic(url, files.directory().resolve(name), force || pages.isOurs(name))) {
                    String type = Assets.type(MediaTypes.ofFile(name));
                    wanted.add(new Page(url, name, pages.place(name, force), type));
                }
            } catch (ExportException e) {
                outcomes.add(new Outcome(url, false, String.valueOf(e.getMessage())));
            }
        }
        return wanted;
    }

    private void makeAll(List<Page> wanted, Assets assets, List<Page> hidden, List<Outcome> outcomes)
            throws IOException, InterruptedException {
        boolean any = false;
        for (Page page : wanted) {
            hidden.add(page);
            any |= pages.hide(page.file());
        }
        if (any) {
            PageFetch.pause(FORGOTTEN_AFTER_SECONDS);
        }
        int done = 0;
        for (Page page : wanted) {
            outcomes.add(make(page, assets));
            steps.at(++done, wanted.size());
        }
    }

    private Outcome make(Page page, Assets assets) throws InterruptedException {
        try {
            byte[] content = fetch.get(page.url(), page.type());
            assets.count(content);
            assets.add(References.of(page.url(), page.type(), new String(content, StandardCharsets.UTF_8)));
            pages.put(page.name(), page.file(), content);
            return new Outcome(page.url(), true, page.file().toString());
        } catch (ExportException e) {
            return new Outcome(page.url(), false, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome(page.url(), false, "it cannot be fetched or written: " + e);
        }
    }
}
