package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.testing.BrowserPage;
import marina.testing.StreamlessProxy;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behind a proxy through which streams do not come, each page of the console still follows what happens. */
class ConsoleWithoutStreamsTest {
    private static final Path APP =
            Path.of("src", "test", "resources", "apps", "app.js").toAbsolutePath();
    private static final String SHOP = "contexts: { /shop: { command: [node, \"" + APP + "\"] } }\n";

    @ParameterizedTest
    @EnumSource(StreamlessProxy.Kind.class)
    void everyPageStaysLive(StreamlessProxy.Kind kind, @TempDir Path base) {
        AdminBed bed = new AdminBed(base, SHOP);
        try (StreamlessProxy proxy = new StreamlessProxy(bed.uri("/"), kind);
                ConsoleBrowser browser = ConsoleBrowser.start(base, bed, unused -> proxy.uri("/console/"))) {
            browser.login("sam", AdminBed.PASSWORD);
            BrowserPage page = browser.page().awaitText("#link", "Every 5 s");
            page.awaitText(".contexts tbody", "stopped");
            bed.marina().get("/shop/");
            page.awaitText(".contexts tbody", "ready").awaitText(".chip.ready", "1");

            logsAreFollowed(browser);
            aContextIsFollowed(browser);
            aReloadIsSeen(browser);
            assertThat(page.text("#link")).isEqualTo("Every 5 s");
        }
    }

    private static void logsAreFollowed(ConsoleBrowser browser) {
        BrowserPage page = browser.visit("#/logs?path=/shop", "Logs").awaitText(".log", "listening");
        page.click("main button", "Follow");
        browser.bed().as("sam", "POST", "/api/v1/contexts/restart?path=/shop");
        page.awaitTrue("document.querySelector('.log').innerText.split('listening').length === 3");
    }

    private static void aContextIsFollowed(ConsoleBrowser browser) {
        BrowserPage page = browser.visit("#/context?path=/shop", "/shop").awaitText(".state-line", "ready");
        page.click("main button", "Follow");
        page.awaitTrue("document.querySelector('main button[aria-pressed=true]')");
        browser.bed().as("sam", "POST", "/api/v1/contexts/stop?path=/shop");
        page.awaitText(".state-line", "stopped");
        browser.bed().as("sam", "POST", "/api/v1/contexts/start?path=/shop");
        page.awaitText(".state-line", "ready");
        page.awaitTrue("document.querySelector('.log').innerText.split('listening').length === 4");
    }

    /** On the page of the configuration, whose search stays, and on that of its history. */
    private static void aReloadIsSeen(ConsoleBrowser browser) {
        BrowserPage page = browser.visit("#/configuration", "Configuration").awaitText("main", "No problems");
        page.fill("#values-search", "contexts./");
        browser.reload("contexts: { /shop: { comand: [node] } }\n");
        page.awaitText(".problems", "comand");
        assertThat(page.script("document.querySelector('#values-search').value"))
                .isEqualTo("contexts./");

        browser.visit("#/history", "History").awaitText("main table", "start");
        browser.reload(SHOP.replace("}\n", ", /more: { files: conf } }\n"));
        page.awaitText("main table", "/more");
        browser.visit("#/", "Overview").awaitText(".contexts tbody", "/more");
    }
}
