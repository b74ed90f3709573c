package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import marina.testing.BrowserPage;
import marina.testing.FleetBed;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The map of a fleet in the console: where each context lives, and what DNS says of that place. */
class ConsoleFleetTest {
    private static final Path PICTURES = Path.of("target", "console-pictures");

    @Test
    void showsWhichPlacesLiveSleepAndAreAbsentOnFly(@TempDir Path base) throws IOException {
        try (FleetBed fleet = new FleetBed(base)) {
            fleet.dns()
                    .ttl(1)
                    .txt("vms.app.internal", "m1 ewr,m2 syd")
                    .txt("all.vms.app.internal", "m1 ewr,m2 syd,m3 fra");
            Map<String, String> ewr = Map.of("FLY_APP_NAME", "app", "FLY_REGION", "ewr", "FLY_MACHINE_ID", "m1");
            String yaml = "fleet: { dns: { server: \"" + fleet.dns().address() + "\", timeout: 2s } }\n"
                    + "contexts:\n  /: { files: conf }\n  /news: { files: conf, region: ewr }\n"
                    + "  /shop: { files: conf, region: syd }\n  /wiki: { files: conf, region: fra }\n"
                    + "  /mail: { files: conf, region: lhr }\n  /both: { files: conf, regions: [lhr, syd] }\n";
            try (ConsoleBrowser browser = enter(base, yaml, ewr)) {
                BrowserPage page = browser.visit("#/fleet", "Fleet");
                awaitPlace(page, "syd", "live", "/shop");
                awaitPlace(page, "fra", "asleep", "/wiki");
                awaitPlace(page, "lhr", "absent", "/mail");
                awaitPlace(page, "lhr, syd", "live", "/both");
                awaitPlace(page, "ewr", "live", "here", "/news");
                awaitPlace(page, "every machine", "here", "/");
                page.awaitText("main", "m1").awaitText("main", "fly");
                page.picture(PICTURES.resolve("fleet.png"));

                browser.bed().marina().get("/shop/");
                fleet.dns().txt("vms.app.internal", "m1 ewr,m3 fra").txt("all.vms.app.internal", "m1 ewr,m3 fra");
                awaitPlace(page, "fra", "live");
                awaitPlace(page, "syd", "absent");
                page.awaitTrue("[...document.querySelectorAll('main tbody tr')].some(row =>"
                        + " /^replay\\s+1$/.test(row.innerText.trim()))");
            }
        }
    }

    @Test
    void showsTheOtherMachineComeAndGoWithoutFly(@TempDir Path base) throws IOException {
        try (FleetBed fleet = new FleetBed(base)) {
            fleet.dns().ttl(1).address("marina-syd.svc", "127.0.0.1");
            String contexts =
                    "contexts:\n  /shop: { files: conf, region: syd }\n  /news: { files: conf, region: ewr }\n";
            MarinaUnderTest syd = fleet.elsewhere(
                    "syd",
                    "fleet: { platform: dns, dns: { server: \"DNS\" }, peers: { syd: \"http://127.0.0.1:1\" } }\n"
                            + contexts);
            String peers =
                    "fleet: { platform: dns, dns: { server: \"" + fleet.dns().address()
                            + "\", timeout: 5s }, peers: \"http://marina-{region}.svc:" + FleetBed.port(syd) + "\" }\n";
            try (ConsoleBrowser browser = enter(base, peers + contexts, Map.of("MARINA_REGION", "ewr"))) {
                BrowserPage page = browser.visit("#/fleet", "Fleet");
                awaitPlace(page, "syd", "live", "/shop");
                awaitPlace(page, "ewr", "here", "/news");
                assertThat(browser.bed().marina().get("/shop/server.yml").body())
                        .contains("http://127.0.0.1:1");
                page.awaitTrue("[...document.querySelectorAll('main tbody tr')].some(row =>"
                        + " /^proxy\\s+1$/.test(row.innerText.trim()))");

                fleet.dns().forget("marina-syd.svc");
                awaitPlace(page, "syd", "absent", "/shop");
            }
        }
    }

    private static ConsoleBrowser enter(Path base, String yaml, Map<String, String> environment) {
        ConsoleBrowser browser =
                ConsoleBrowser.start(base, new AdminBed(base, yaml, "", environment), bed -> bed.uri("/console/"));
        browser.login("sam", AdminBed.PASSWORD);
        browser.page().awaitText("#link", "Live");
        return browser;
    }

    /** Waits until a place is shown, and with all of these words. */
    private static void awaitPlace(BrowserPage page, String name, String... words) {
        String text =
                "([...document.querySelectorAll('.place')].find(one => one.querySelector('h3').firstChild.data === "
                        + BrowserPage.quoted(name) + ")?.innerText ?? '')";
        for (String word : words) {
            page.awaitTrue(text + ".includes(" + BrowserPage.quoted(word) + ")");
        }
    }
}
