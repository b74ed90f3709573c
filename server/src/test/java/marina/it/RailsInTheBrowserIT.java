package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.testing.Chromium;
import marina.testing.ChromiumPage;
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
            ChromiumPage watcher = open(browser, home.uri("/sam/"));
            watcher.awaitTrue(LIVE);
            ChromiumPage writer = open(browser, home.uri("/sam/"));
            add(writer, "milk");
            writer.awaitTrue("document.getElementById('notice').textContent === 'Added'");
            assertThat(writer.evaluate("location.pathname")).isEqualTo("/sam/");
            watcher.awaitTrue(shows("milk"));

            ChromiumPage other = open(browser, home.uri("/sally/"));
            other.awaitTrue(LIVE);
            add(writer, "honey");
            watcher.awaitTrue(shows("honey"));
            assertThat(other.evaluate(shows("honey"))).isEqualTo("false");
            writer.evaluate("document.querySelector('form.button_to').submit()");
            watcher.awaitTrue("document.querySelectorAll('#items li').length === 0");

            watcher.evaluate("window.kept = 'yes'");
            int port = home.port();
            home.stop();
            watcher.awaitTrue("!" + LIVE);
            home.write("conf/server.yml", home.read("conf/server.yml").replace("127.0.0.1:0", "127.0.0.1:" + port));
            home.start();
            watcher.awaitTrue(LIVE);
            ChromiumPage fresh = open(browser, home.uri("/sam/"));
            add(fresh, "bread");
            watcher.awaitTrue(shows("bread"));
            assertThat(watcher.evaluate("window.kept"))
                    .as("the page that was open all the time")
                    .isEqualTo("yes");
            watcher.screenshot(Path.of("target", "rails-live.png"));
        }
    }

    /** Logs in first: an address with a password in it is not one that a page may change, as Turbo does. */
    private static ChromiumPage open(Chromium browser, URI list) {
        String withPassword = list.resolve("up").toString().replace("http://", "http://" + RailsLists.SAM + "@");
        ChromiumPage page = browser.open(URI.create(withPassword));
        page.go(list);
        return page;
    }

    private static String shows(String text) {
        return "[...document.querySelectorAll('#items li')].some((item) => item.textContent === '" + text + "')";
    }

    private static void add(ChromiumPage page, String text) {
        page.evaluate("document.getElementById('text').value = '" + text + "';"
                + "document.querySelector('form').requestSubmit()");
        page.awaitTrue("document.readyState === 'complete' && " + shows(text));
    }
}
