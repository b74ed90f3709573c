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
    private static final String LIVE = "document.body.dataset.live === 'items'";

    @TempDir
    private Path base;

    @TempDir
    private Path profile;

    @Test
    void pagesShowWhatOthersAddAndComeBackAfterARestart() throws IOException {
        RailsLists.copyTo(base.resolve("rails"));
        Files.copy(NpmFile.turbo(), base.resolve("rails/public/turbo.js"));
        String yaml = RailsLists.configuration("rails.md") + "defaults: { page_after: 30s }\n";
        try (HomeUnderTest home = HomeUnderTest.at(base, yaml)
                        .with("SECRET_KEY_BASE", "0123456789abcdef0123456789abcdef")
                        .write("conf/htpasswd", RailsLists.PASSWORDS);
                Chromium browser = Chromium.start(profile)) {
            home.start();
            ChromiumPage watcher = browser.open(withPassword(home.uri("/sam/")));
            watcher.awaitTrue(LIVE);
            ChromiumPage writer = browser.open(withPassword(home.uri("/sam/")));
            add(writer, "milk");
            assertThat(writer.evaluate("location.pathname")).isEqualTo("/sam/");
            assertThat(writer.evaluate("document.getElementById('notice').textContent")).isEqualTo("Added");
            watcher.awaitTrue(shows("milk"));

            ChromiumPage other = browser.open(withPassword(home.uri("/sally/")));
            other.awaitTrue(LIVE);
            add(writer, "honey");
            watcher.awaitTrue(shows("honey"));
            assertThat(other.evaluate(shows("honey"))).isEqualTo("false");
            writer.evaluate("document.querySelector('form.button_to').submit()");
            watcher.awaitTrue("document.querySelectorAll('#items li').length === 0");

            int port = home.port();
            home.stop();
            watcher.awaitTrue("!(" + LIVE + ")");
            home.write("conf/server.yml", home.read("conf/server.yml").replace("127.0.0.1:0", "127.0.0.1:" + port));
            home.start();
            watcher.awaitTrue(LIVE);
            ChromiumPage fresh = browser.open(withPassword(home.uri("/sam/")));
            add(fresh, "bread");
            watcher.awaitTrue(shows("bread"));
            assertThat(watcher.evaluate("performance.getEntriesByType('navigation').length + history.length"))
                    .as("it has not been loaded again")
                    .isEqualTo(watcher.evaluate("1 + history.length"));
            watcher.screenshot(Path.of("target", "rails-live.png"));
        }
    }

    private static URI withPassword(URI uri) {
        return URI.create(uri.toString().replace("http://", "http://" + RailsLists.SAM + "@"));
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
