package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import marina.testing.BrowserPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console on a phone, by keyboard, for screen readers; and who may enter it. */
class ConsoleForEverybodyTest {
    private static final Path APP =
            Path.of("src", "test", "resources", "apps", "app.js").toAbsolutePath();
    private static final String SHOP = "contexts: { /shop: { command: [node, \"" + APP
            + "\"] }, /with-a-name-that-is-long-and-has-no-place-to-break-at-all: { files: conf } }\n";

    /** The address of each page, and its heading. */
    private static final Map<String, String> PAGES = Map.ofEntries(
            Map.entry("#/", "Overview"),
            Map.entry("#/context?path=/shop", "/shop"),
            Map.entry("#/deploy", "Deploy"),
            Map.entry("#/logs", "Logs"),
            Map.entry("#/services", "Services"),
            Map.entry("#/hooks", "Hooks"),
            Map.entry("#/pools", "Pools"),
            Map.entry("#/fleet", "Fleet"),
            Map.entry("#/machine", "Machine"),
            Map.entry("#/configuration", "Configuration"),
            Map.entry("#/history", "History"),
            Map.entry("#/leaks", "Leaks"));

    @Test
    void hasNothingThatKeepsPeopleOut(@TempDir Path base) throws IOException {
        try (ConsoleBrowser browser = ConsoleBrowser.start(base, SHOP)) {
            List<String> found = new ArrayList<>(violations(browser, "login"));
            browser.login("sam", AdminBed.PASSWORD);
            browser.page().awaitText("#link", "Live");
            for (String colors : List.of("light", "dark")) {
                browser.page().prefer(colors);
                PAGES.forEach((hash, title) -> {
                    browser.visit(hash, title);
                    settle(browser.page());
                    found.addAll(violations(browser, colors + " " + title));
                });
            }
            assertThat(found).isEmpty();
        }
    }

    @Test
    void fitsOnAPhone(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            BrowserPage page = browser.page();
            page.size(375, 812);
            PAGES.forEach((hash, title) -> {
                browser.visit(hash, title);
                settle(page);
                assertThat(page.script("document.documentElement.scrollWidth"))
                        .as(title)
                        .isEqualTo("375");
            });
            for (int i = 0; i < 2; i++) { // from another page, and from that one itself
                page.click("#menu", "Menu").click("#nav a", "Overview").awaitText("h1", "Overview");
                page.awaitTrue("document.getElementById('menu').getAttribute('aria-expanded') === 'false'");
            }
        }
    }

    @Test
    void isUsedWithTheKeyboardAlone(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.start(base, SHOP)) {
            BrowserPage page = browser.page();
            page.awaitTrue("document.activeElement.id === 'user'");
            page.type("sam").press("Tab").type(AdminBed.PASSWORD).press("Enter");
            page.awaitText("#link", "Live").awaitText(".contexts tbody", "/shop");

            page.go(browser.bed().uri("/console/?again")).awaitText("#link", "Live");
            tabTo(page, "Skip to the content", 1);
            page.press("Enter");
            assertThat(page.script("document.activeElement.id")).isEqualTo("main");

            tabTo(page, "/shop", 40);
            assertThat(page.script("getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("solid");
            page.press("Enter").awaitText("h1", "/shop").awaitText(".state-line", "stopped");

            tabTo(page, "Start", 10);
            page.press("Enter").awaitText(".state-line", "ready");
            tabTo(page, "Undeploy…", 10);
            page.press("Enter").awaitTrue("document.querySelector('dialog[open]')");
            for (int i = 0; i < 6; i++) {
                page.press("Tab");
                assertThat(
                                page.script(
                                        "document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)"))
                        .isEqualTo("true");
            }
            page.press("Escape").awaitTrue("!document.querySelector('dialog')");
            assertThat(page.script("document.activeElement.textContent")).isEqualTo("Undeploy…");
        }
    }

    @Test
    void locksAfterWrongPasswordsAndSaysForHowLong(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.start(base, SHOP)) {
            BrowserPage page = browser.page();
            for (int i = 0; i < 5; i++) {
                page.script("document.querySelector('form .trouble')?.replaceChildren()");
                browser.login("sam", "wrong");
                page.awaitTrue("document.querySelector('form .trouble').textContent !== ''");
            }
            browser.login("sam", AdminBed.PASSWORD);
            page.awaitText("form .trouble", "logging in is locked");
            assertThat(page.script("document.getElementById('top').hidden")).isEqualTo("true");
        }
    }

    @Test
    void asksForALoginAgainAndComesBackToThePage(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            browser.visit("#/machine", "Machine").awaitText("main", "Leases");
            browser.page()
                    .script(
                            "fetch('../api/v1/session').then(answer => answer.json()).then(session => fetch('../api/v1/logout',"
                                    + " { method: 'POST', headers: { 'X-Marina-CSRF': session.csrf } })).then(answer => answer.status)");
            browser.page().awaitText("form", "Your session has ended");
            browser.login("sam", AdminBed.PASSWORD);
            browser.page().awaitText("h1", "Machine").awaitText("main", "Leases");
        }
    }

    @Test
    void leavesOutWhatARoleMayNotDo(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.start(base, SHOP)) {
            browser.login("status", AdminBed.PASSWORD);
            BrowserPage page = browser.page().awaitText(".contexts tbody", "/shop");
            assertThat(page.text("#nav")).isEqualTo("Overview");
            page.click(".opener", "Last log lines of /shop").awaitText(".below", "no role");
            assertThat(page.text(".below")).doesNotContain("Start");
        }
    }

    @Test
    void saysThatTheServerIsAway(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            browser.bed().marina().server().stop();
            browser.page().awaitText("#banner", "does not answer").awaitText("#link", "Not connected");
            assertThat(browser.page().text(".contexts tbody")).contains("/shop");
        }
    }

    @Test
    void keepsTheColorsThatWereChosen(@TempDir Path base) {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, SHOP)) {
            BrowserPage page = browser.page();
            page.prefer("dark");
            page.awaitTrue("document.documentElement.dataset.theme === 'dark'");
            page.script(
                    "(one => { one.value = 'light'; one.dispatchEvent(new Event('change')); })(document.getElementById('theme'))");
            page.go(browser.bed().uri("/console/?again")).awaitText("h1", "Overview");
            assertThat(page.script("document.documentElement.dataset.theme")).isEqualTo("light");
        }
    }

    /** Tab until what has this text has the focus. */
    private static void tabTo(BrowserPage page, String text, int most) {
        for (int i = 0; i < most; i++) {
            page.press("Tab");
            if (page.script("document.activeElement.textContent.trim()").equals(text)) {
                return;
            }
        }
        throw new AssertionError(
                "Tab does not come to " + text + "; it is at " + page.script("document.activeElement.outerHTML"));
    }

    private static void settle(BrowserPage page) {
        page.awaitTrue("!document.querySelector('main').innerText.includes('Asking the server')");
    }

    /** What axe calls serious or critical, each with where it is. */
    private static List<String> violations(ConsoleBrowser browser, String where) {
        browser.page().script("document.getElementById('toast').replaceChildren(); " + axe() + "; true");
        String found = browser.page()
                .script(
                        "axe.run().then(all => all.violations.filter(one => ['serious', 'critical'].includes(one.impact))"
                                + ".map(one => one.id + ' at ' + one.nodes.map(node => node.target).join(' ')).join('\\n'))");
        return found.lines().map(line -> where + ": " + line).toList();
    }

    private static String axe() {
        try (InputStream in = ConsoleForEverybodyTest.class.getResourceAsStream("/axe.min.js")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
