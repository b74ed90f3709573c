package marina.admin;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import marina.config.ServerConfig;
import marina.export.ExportException;
import marina.export.Prerender;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verb {@code prerender}: pages of applications as public files. */
@Command(name = "prerender", description = "fetch pages and put them into the public folder")
final class PrerenderVerb implements Callable<Integer> {
    private final CommandLine line;
    private final Supplier<ControlClient> client;

    @Parameters(
            arity = "1..*",
            paramLabel = "URL",
            description = "a page, by URL, or by its path at the Marina that runs here: /studios/boston")
    private List<String> pages = List.of();

    @Option(names = "--force", description = "also replace files that were not made so")
    private boolean force;

    @Option(
            names = "--assets",
            description = "also fetch the styles, scripts, fonts and images of the same server that the pages refer to")
    private boolean assets;

    PrerenderVerb(CommandLine line, Supplier<ControlClient> client) {
        this.line = line;
        this.client = client;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<ServerConfig> config = line.load();
        if (config.isEmpty()) {
            return CommandLine.FAILED;
        }
        boolean ofOurs = pages.stream().anyMatch(page -> page.startsWith("/"));
        if (ofOurs && !InstanceLock.isHeld(line.directories().run())) {
            line.terminal()
                    .complain("Marina is not running in " + line.directories().base()
                            + "; start it, or name the pages by their whole URL");
            return CommandLine.NOT_RUNNING;
        }
        String server = ofOurs ? server() : "";
        List<URI> urls = new ArrayList<>();
        for (String page : pages) {
            try {
                URI url = URI.create(page.startsWith("/") ? server + page : page);
                if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
                    throw new IllegalArgumentException("no http");
                }
                urls.add(url);
            } catch (IllegalArgumentException e) {
                line.terminal().complain(page + " is neither a path nor a URL; write e.g. /studios/boston");
                return 2;
            }
        }
        try {
            return say(fetch(config.get(), urls));
        } catch (ExportException e) {
            line.terminal().complain("prerender: " + e.getMessage());
            return CommandLine.FAILED;
        }
    }

    private List<Prerender.Outcome> fetch(ServerConfig config, List<URI> urls)
            throws IOException, InterruptedException, ExportException {
        try (Progress progress = line.terminal().progress("prerender")) {
            return new Prerender(config, progress::at).pages(urls, new Prerender.Options(force, assets));
        }
    }

    private String server() throws IOException {
        ControlStatus status = ControlStatus.of(client.get().send("GET", "/status"));
        return status.urls().stream()
                .filter(url -> url.startsWith("http://"))
                .findFirst()
                .orElseThrow(
                        () -> new IOException("it listens without TLS nowhere; name the pages by their whole URL"));
    }

    private int say(List<Prerender.Outcome> outcomes) {
        boolean all = true;
        for (Prerender.Outcome outcome : outcomes) {
            if (outcome.done()) {
                line.terminal().say(outcome.url() + " is now " + outcome.text());
            } else {
                line.terminal().complain(outcome.url() + ": " + outcome.text());
                all = false;
            }
        }
        return all ? CommandLine.DONE : CommandLine.FAILED;
    }
}
