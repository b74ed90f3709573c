package marina.console;

import java.nio.file.Path;
import marina.testing.BrowserPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations of before, in the console. */
class ConsoleHistoryTest {
    private static final Path APP =
            Path.of("src", "test", "resources", "apps", "app.js").toAbsolutePath();
    private static final String SHOP = "contexts: { /shop: { command: [node, \"" + APP + "\"] } }\n";

    @Test
    void goesBackToTheConfigurationBefore(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            browser.reload(SHOP.replace("}\n", ", /more: { command: [node, \"" + APP + "\"] } }\n"));
            BrowserPage page = browser.visit("#/history", "History");
            page.awaitText("main table", "now");
            page.awaitTrue(
                    "[...document.querySelectorAll('main button')].some(one => one.textContent === 'What changed')");
            page.script(
                    "[...document.querySelectorAll('main button')].find(one => one.textContent === 'What changed').click()");
            page.awaitText(".diff .added", "/more");
            page.script(
                    "[...document.querySelectorAll('main button')].find(one => one.textContent === 'Roll back…').click()");
            page.click("dialog button", "Roll back").awaitTrue("!document.querySelector('dialog')");
            browser.visit("#/", "Overview");
            page.awaitTrue("!document.querySelector('.contexts').innerText.includes('/more')");
        }
    }
}
