package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.testing.BrowserPage;
import marina.testing.Chromium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of a Rails application in a real browser, with Turbo as npm has it, over the cable. */
class RailsInTheBrowserIT {
    private static final String CABLE = "cable: { path: /cable, secret: fedcba9876543210fedcba9876543210 }";
    private static final String LIVE = "document.documentElement.dataset.live";

    @TempDir
    private Path base;

    @TempDir
    private Path profile;

    @Test
    void pagesShowWhatOthersAddAndComeBackAfterARestart() throws IOException {
        RailsLists.copyTo(base.resolve("rails"));
        Files.copy(NpmFile.turbo(), base.resolve("rails/public/turbo.js"));
        String yaml = Guide.of("rails.md").configuration().replace("cable: { path: /cable }", CABLE)
                + "defaults: { page_after: 60s }\n";
        try (HomeUnderTest home = HomeUnderTest.at(base, yaml)
                        .with("SECRET_KEY_BASE", "0123456789abcdef0123456789abcdef")
                        .write("conf/htpasswd", RailsLists.PASSWORDS);
                Chromium browser = Chromium.start(profile)) {
            home.start();
            BrowserPage watcher = open(browser, home.uri("/sam/"));
            watcher.awaitTrue(LIVE);
            BrowserPage writer = open(browser, home.uri("/sam/"));
            add(writer, "milk");
            writer.awaitTrue("document.getElementById('notice').textContent === 'Added'");
            assertThat(writer.script("location.pathname")).isEqualTo("/sam/");
            watcher.awaitTrue(shows("milk"));

            BrowserPage other = open(browser, home.uri("/sally/"));
            other.awaitTrue(LIVE);
            add(writer, "honey");
            watcher.awaitTrue(shows("honey"));
            assertThat(other.script(shows("honey"))).isEqualTo("false");
            writer.script("document.querySelector('form.button_to').submit()");
            watcher.awaitTrue("document.querySelectorAll('#items li').length === 0");

            watcher.script("window.kept = 'yes'");
            int port = home.port();
            home.stop();
            watcher.awaitTrue("!" + LIVE);
            home.write("conf/server.yml", home.read("conf/server.yml").replace("127.0.0.1:0", "127.0.0.1:" + port));
            home.start();
            watcher.show(); // hidden, it stays away, so that no machine is kept awake for a page that nobody sees
            watcher.awaitTrue(LIVE);
            BrowserPage fresh = open(browser, home.uri("/sam/"));
            add(fresh, "bread");
            watcher.awaitTrue(shows("bread"));
            assertThat(watcher.script("window.kept"))
                    .as("the page that was open all the time")
                    .isEqualTo("yes");
            watcher.picture(Path.of("target", "rails-live.png"));
        }
    }

    /** Logs in first: an address with a password in it is not one that a page may change, as Turbo does. */
    private static BrowserPage open(Chromium browser, URI list) {
        String withPassword = list.resolve("up").toString().replace("http://", "http://" + RailsLists.SAM + "@");
        BrowserPage page = browser.open(URI.create(withPassword), 800, 600);
        page.go(list);
        return page;
    }

    private static String shows(String text) {
        return "[...document.querySelectorAll('#items li')].some((item) => item.textContent === '" + text + "')";
    }

    private static void add(BrowserPage page, String text) {
        page.fill("#text", text).press("Enter").awaitTrue("document.readyState === 'complete' && " + shows(text));
    }
}
