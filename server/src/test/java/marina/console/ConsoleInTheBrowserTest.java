package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import marina.testing.BrowserPage;
import marina.testing.TestMember;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees and does in the console: a real server, a real browser. */
class ConsoleInTheBrowserTest {
    private static final Path APP =
            Path.of("src", "test", "resources", "apps", "app.js").toAbsolutePath();
    private static final String SHOP = "contexts: { /shop: { command: [node, \"" + APP + "\"] } }\n";

    @Test
    void seesAContextComeUpAndGoDownWithoutAskingAgain(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            BrowserPage page = browser.page();
            page.awaitText(".contexts tbody", "/shop").awaitText(".contexts tbody", "stopped");

            assertThat(browser.bed().marina().get("/shop/").statusCode()).isEqualTo(200);

            page.awaitText(".contexts tbody", "ready");
            page.awaitText(".chip.ready", "1");
            page.awaitText("#announcements", "/shop is ready");

            browser.bed().as("sam", "POST", "/api/v1/contexts/stop?path=/shop");
            page.awaitText(".contexts tbody", "stopped");
        }
    }

    @Test
    void startsRestartsAndStopsAContext(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            BrowserPage page = browser.page();
            page.click(".contexts a", "/shop").awaitText("h1", "/shop").awaitText(".state-line", "stopped");

            page.click("main button", "Start").awaitText(".state-line", "ready");
            String first = browser.bed().marina().get("/shop/pid").body();
            page.awaitText("#toast", "start");

            page.click("main button", "Restart").awaitText("#toast", "restart");
            page.awaitText(".state-line", "ready");
            assertThat(browser.bed().marina().get("/shop/pid").body()).isNotEqualTo(first);

            page.click("main button", "Stop").awaitText(".state-line", "stopped");
            browser.bed().marina().awaitState("/shop", "stopped");
            assertThat(page.script("document.activeElement.textContent")).isEqualTo("Stop");
        }
    }

    @Test
    void tellsWhyAStartHasFailed(@TempDir Path base) {
        String yaml = "contexts: { /broken: { command: [node, \"" + APP + "\"], env: { EXIT_AT_START: \"3\" } } }\n";
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, yaml)) {
            BrowserPage page = browser.page();
            page.click(".contexts a", "/broken").awaitText("h1", "/broken");
            page.click("main button", "Start");
            page.awaitText("#toast", "the database is missing").awaitText(".state-line", "failed");
            page.awaitText(".log", "the database is missing");
        }
    }

    @Test
    void showsTheLastLinesOfAContextBelowItsRow(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            browser.bed().marina().get("/shop/");
            browser.page().click(".opener", "Last log lines of /shop").awaitText(".below .log", "listening");
        }
    }

    @Test
    void followsALogAndFindsALine(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            browser.bed().marina().get("/shop/");
            BrowserPage page = browser.visit("#/logs?path=/shop", "Logs");
            page.awaitText(".log", "listening");

            page.click("main button", "Follow");
            page.awaitTrue("document.querySelector('main .primary').getAttribute('aria-pressed') === 'true'");
            browser.bed().as("sam", "POST", "/api/v1/contexts/restart?path=/shop");
            page.awaitTrue("document.querySelector('.log').innerText.split('listening').length === 3");

            page.click("main button", "Follow").fill("#log-search", "starting as");
            page.awaitTrue("document.querySelectorAll('.log .line').length === 2");
            assertThat(page.text(".log")).doesNotContain("listening");
        }
    }

    @Test
    void takesAMemberOutOfItsPoolAndBack(@TempDir Path base) throws IOException {
        try (TestMember one = new TestMember("one");
                TestMember two = new TestMember("two");
                ConsoleBrowser browser = ConsoleBrowser.enter(
                        base,
                        "contexts: { /api: { upstream: { steering: round_robin, members: [{ url: \"" + one.url()
                                + "\" }, { url: \"" + two.url() + "\" }] } } }\n")) {
            BrowserPage page = browser.visit("#/pools", "Pools");
            page.awaitText("main", two.url());

            page.click(".switch", one.url() + " takes requests").awaitText("main table", "drained");
            for (int i = 0; i < 6; i++) {
                assertThat(browser.bed().marina().get("/api/").body()).isEqualTo("two");
            }

            page.click(".switch", one.url() + " takes requests");
            page.awaitTrue("!document.querySelector('main table').innerText.includes('drained')");
            page.awaitTrue("document.querySelectorAll('.switch[aria-checked=true]').length === 2");
        }
    }

    @Test
    void restartsAServiceAndTellsWhatAHookSaid(@TempDir Path base) {
        String yaml = "services: { clock: { command: [node, -e, \"setInterval(() => {}, 1000)\"] } }\n"
                + "hooks: { start: [{ command: [sh, -c, \"echo the volume is there\"] }] }\n" + SHOP;
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, yaml)) {
            BrowserPage page = browser.visit("#/services", "Services").awaitText("main table", "running");
            String pid = page.text("main tbody td:nth-of-type(2)");

            page.click("main button", "Restart clock").awaitText("#toast", "clock");
            page.awaitTrue("document.querySelector('main tbody').innerText.includes('running')"
                    + " && document.querySelector('main tbody td:nth-of-type(2)').innerText !== '" + pid + "'");

            browser.visit("#/hooks", "Hooks").awaitText(".run", "done");
            page.click(".run summary strong", "start").awaitText(".run pre", "the volume is there");
        }
    }

    @Test
    void showsWhatApplicationsSayAsTextAndNotAsHtml(@TempDir Path base) {
        String html = "<img src=x onerror=document.title=1>";
        String yaml =
                "contexts: { /bad: { command: [node, -e, \"console.error('" + html + "'); process.exit(3)\"] } }\n";
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, yaml)) {
            BrowserPage page = browser.page();
            page.click(".contexts a", "/bad").awaitText("h1", "/bad");
            page.click("main button", "Start").awaitText("#toast", html).awaitText(".state-line", html);
            browser.visit("#/", "Overview");
            page.click(".opener", "Last log lines of /bad").awaitText(".below .log", html);
            browser.visit("#/logs?path=/bad", "Logs").awaitText(".log", html);
            assertThat(page.count("main img, #toast img")).isZero();
            assertThat(page.script("document.title")).isEqualTo("Logs – Marina");
        }
    }

    @Test
    void tellsTheOriginOfAValueAndTheProblemsOfAReload(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            BrowserPage page = browser.visit("#/configuration", "Configuration");
            page.fill("#values-search", "admin.listen").awaitText("main table", "conf/server.yml:2:");
            page.fill("#values-search", "health.path").awaitText("main table", "default");
            browser.visit("#/context?path=/shop", "/shop");
            page.fill("#values-search", "command").awaitText("main table", "conf/server.yml:");
            browser.visit("#/configuration", "Configuration");

            browser.reload("contexts: { /shop: { comand: [node] } }\n");
            browser.visit("#/", "Overview");
            browser.visit("#/configuration", "Configuration").awaitText(".problems", "comand");
        }
    }
}
