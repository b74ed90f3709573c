package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.function.Function;
import marina.testing.BrowserPage;
import marina.testing.Chromium;

/** A Marina with a console, and an operator in front of a browser. Closing it asserts that no script has failed and no rule of the page's policy was broken. */
final class ConsoleBrowser implements AutoCloseable {
    /** The width and height of a desk's window. */
    static final int WIDE = 1280;

    static final int HIGH = 900;

    private final Chromium chromium;
    private final AdminBed bed;
    private final BrowserPage page;

    private ConsoleBrowser(Chromium chromium, AdminBed bed, BrowserPage page) {
        this.chromium = chromium;
        this.bed = bed;
        this.page = page;
    }

    /** Shows the login. */
    static ConsoleBrowser start(Path base, String yaml) {
        return start(base, yaml, "");
    }

    /** Shows the login of a server with further keys of {@code admin}. */
    static ConsoleBrowser start(Path base, String yaml, String more) {
        return start(base, new AdminBed(base, yaml, more), bed -> bed.uri("/console/"));
    }

    /** Shows the login of a server that the browser reaches at an address, which may be that of a proxy. */
    static ConsoleBrowser start(Path base, AdminBed bed, Function<AdminBed, URI> address) {
        Chromium chromium = Chromium.start(base);
        try {
            return new ConsoleBrowser(chromium, bed, chromium.open(address.apply(bed), WIDE, HIGH));
        } catch (RuntimeException | AssertionError e) {
            chromium.close();
            throw e;
        }
    }

    /** The same, with sam logged in. */
    static ConsoleBrowser enter(Path base, String yaml) {
        ConsoleBrowser browser = start(base, yaml);
        browser.login("sam", AdminBed.PASSWORD);
        browser.page.awaitText("#link", "Live");
        return browser;
    }

    /** Fills in the login and sends it. */
    void login(String user, String password) {
        page.fill("#user", user).fill("#password", password).press("Enter");
    }

    /** Goes to a page by its address, as a bookmark does. */
    BrowserPage visit(String hash, String title) {
        page.script("void (location.hash = " + BrowserPage.quoted(hash) + ")");
        return page.awaitText("h1", title);
    }

    /** Replaces the contexts and reloads. */
    void reload(String yaml) {
        bed.marina().reload("admin: { listen: \"127.0.0.1:0\" }\n" + yaml);
    }

    BrowserPage page() {
        return page;
    }

    AdminBed bed() {
        return bed;
    }

    @Override
    public void close() {
        try (chromium;
                bed) {
            assertThat(page.problems()).as("what went wrong in the page").isEmpty();
        }
    }
}
