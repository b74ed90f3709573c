package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import marina.testing.BrowserPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deploying, rolling back and undeploying a WAR in the console. */
class ConsoleDeploymentTest {

    @Test
    void deploysAnArchiveReplacesItRollsBackAndUndeploys(@TempDir Path base, @TempDir Path desk) throws IOException {
        try (ConsoleBrowser browser = ConsoleBrowser.enter(base, "contexts: {}\n")) {
            BrowserPage page = browser.page();
            page.awaitText(".contexts", "Nothing is mounted yet");

            deploy(browser, archive(desk, "first"));
            assertThat(browser.bed().marina().get("/shop/").body()).isEqualTo("first");

            deploy(browser, archive(desk, "second"));
            assertThat(browser.bed().marina().get("/shop/").body()).isEqualTo("second");

            archive(desk, "third"); // built anew, and not chosen again
            page.click("main button", "Deploy").awaitText("form .trouble", "Choose it again");
            assertThat(browser.bed().marina().get("/shop/").body()).isEqualTo("second");

            browser.visit("#/context?path=/shop", "/shop");
            page.click("main button", "Roll back…").click("dialog button", "Roll back");
            page.awaitTrue("!document.querySelector('dialog')").awaitText("#toast", "/shop");
            assertThat(browser.bed().marina().get("/shop/").body()).isEqualTo("first");

            undeploy(browser);
            assertThat(browser.bed().marina().get("/shop/").statusCode()).isEqualTo(404);
            assertThat(base.resolve("webapps/shop.war")).doesNotExist();
        }
    }

    /** Nothing is done before the path has been typed, and Escape leaves everything as it is. */
    private static void undeploy(ConsoleBrowser browser) {
        BrowserPage page = browser.page();
        page.click("main button", "Undeploy…").awaitText("dialog", "Type /shop to confirm");
        page.type("/shap").press("Enter");
        assertThat(page.script("document.querySelector('dialog button[type=submit]').disabled"))
                .isEqualTo("true");
        page.press("Escape").awaitTrue("!document.querySelector('dialog')");
        assertThat(page.script("document.activeElement.textContent")).isEqualTo("Undeploy…");
        assertThat(browser.bed().marina().get("/shop/").statusCode()).isEqualTo(200);

        page.press("Enter").awaitText("dialog", "Type /shop to confirm");
        page.type("/shop").press("Enter").awaitText("h1", "Overview").awaitText(".contexts", "Nothing is mounted yet");
    }

    @Test
    void saysWhenAnArchiveIsTooLarge(@TempDir Path base, @TempDir Path desk) throws IOException {
        try (ConsoleBrowser browser = ConsoleBrowser.start(base, "contexts: {}\n", ", limits: { upload: 100 }")) {
            browser.login("sam", AdminBed.PASSWORD);
            browser.page().awaitText("h1", "Overview");
            browser.visit("#/deploy", "Deploy").choose("#file", archive(desk, "x".repeat(500)));
            browser.page().click("main button", "Deploy").awaitText("form .trouble", "is larger than 100 bytes");
            assertThat(browser.bed().marina().get("/shop/").statusCode()).isEqualTo(404);
        }
    }

    private static void deploy(ConsoleBrowser browser, Path archive) {
        browser.visit("#/", "Overview");
        BrowserPage page = browser.visit("#/deploy", "Deploy");
        page.choose("#file", archive);
        page.awaitTrue("document.getElementById('path').value === '/shop'");
        page.click("main button", "Deploy").awaitText("form .done", "Go to /shop");
    }

    private static Path archive(Path desk, String content) throws IOException {
        Path archive = desk.resolve("shop.war");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("index.html"));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
            zip.write("<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\"/>"
                    .getBytes(StandardCharsets.UTF_8));
        }
        return archive;
    }
}
