package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * A page in a {@link Chromium}, used as people use it: with the mouse, with keys, by what is written on it. What is not there yet
 * is waited for.
 */
public final class BrowserPage {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DevTools tools;

    private BrowserPage(DevTools tools) {
        this.tools = tools;
    }

    static BrowserPage connect(URI socket) {
        DevTools tools = DevTools.connect(socket);
        List.of("Page.enable", "Runtime.enable", "Log.enable", "DOM.enable")
                .forEach(method -> tools.call(method, Map.of()));
        return new BrowserPage(tools);
    }

    /** Goes to an address and waits until the page is there. */
    public BrowserPage go(URI uri) {
        tools.call("Page.navigate", Map.of("url", uri.toString()));
        until(() -> "the page at " + uri, () -> script("document.readyState").equals("complete"));
        return this;
    }

    /** Shows this page and hides the others. */
    public void show() {
        tools.call("Page.bringToFront", Map.of());
    }

    /** Changes the size of the window, in pixels. */
    public void size(int width, int height) {
        tools.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    /** What the user's system is set to, {@code dark} or {@code light}. */
    public void prefer(String colors) {
        Map<String, Object> feature = Map.of("name", "prefers-color-scheme", "value", colors);
        tools.call("Emulation.setEmulatedMedia", Map.of("features", new Object[] {feature}));
    }

    /** What a JavaScript expression is, as text; a promise is waited for. */
    public String script(String expression) {
        Map<?, ?> answer = tools.call(
                "Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true, "userGesture", true));
        assertThat(answer.get("exceptionDetails")).as(expression).isNull();
        return String.valueOf(((Map<?, ?>) answer.get("result")).get("value"));
    }

    /** The text that is seen at the first element of a selector; empty when there is none. */
    public String text(String selector) {
        return script("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''");
    }

    /** How many elements a selector finds. */
    public int count(String selector) {
        return Integer.parseInt(script("document.querySelectorAll(" + quoted(selector) + ").length"));
    }

    /** Waits until an element is seen that has a text. */
    public BrowserPage awaitText(String selector, String text) {
        until(
                () -> "\"" + text + "\" at " + selector + ", where is: " + text(selector) + "; the page says: "
                        + text("body") + problems(),
                () -> text(selector).contains(text));
        return this;
    }

    /** Waits until an expression is true. */
    public BrowserPage awaitTrue(String expression) {
        until(
                () -> expression + "; the page says: " + text("body") + "\n" + problems(),
                () -> script("Boolean(" + expression + ")").equals("true"));
        return this;
    }

    /** Tells what was there in the end when waiting was in vain. */
    private static void until(Supplier<String> what, BooleanSupplier condition) {
        try {
            Awaitility.await().atMost(PATIENCE).until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited in vain for " + what.get(), e);
        }
    }

    /** Clicks with the mouse in the middle of what has this name: its label, or its text. */
    public BrowserPage click(String selector, String name) {
        String find = "[...document.querySelectorAll(" + quoted(selector) + ")].find(one => one.checkVisibility()"
                + " && (one.getAttribute('aria-label') ?? one.textContent).trim() === " + quoted(name) + ")";
        awaitTrue(find);
        String point =
                script("(one => { one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect();"
                        + " return (box.x + box.width / 2) + ' ' + (box.y + box.height / 2); })(" + find + ")");
        String[] at = point.split(" ", -1);
        mouse("mousePressed", at);
        mouse("mouseReleased", at);
        return this;
    }

    private void mouse(String type, String[] at) {
        tools.call(
                "Input.dispatchMouseEvent",
                Map.of(
                        "type",
                        type,
                        "x",
                        Double.parseDouble(at[0]),
                        "y",
                        Double.parseDouble(at[1]),
                        "button",
                        "left",
                        "clickCount",
                        1));
    }

    /** Puts the focus on a field, empties it and types. */
    public BrowserPage fill(String selector, String text) {
        awaitTrue("document.querySelector(" + quoted(selector) + ")?.checkVisibility()");
        script("(one => { one.focus(); one.select(); })(document.querySelector(" + quoted(selector) + "))");
        return type(text);
    }

    /** Types where the focus is. */
    public BrowserPage type(String text) {
        tools.call("Input.insertText", Map.of("text", text));
        return this;
    }

    /** Presses a key where the focus is: Tab, Enter, Escape, Space. */
    public BrowserPage press(String key) {
        int code =
                switch (key) {
                    case "Tab" -> 9;
                    case "Enter" -> 13;
                    case "Escape" -> 27;
                    default -> 32;
                };
        String text = key.equals("Enter") ? "\r" : key.equals("Space") ? " " : "";
        Map<String, Object> down = Map.of(
                "type", text.isEmpty() ? "rawKeyDown" : "keyDown",
                "key", key.equals("Space") ? " " : key,
                "code", key,
                "text", text,
                "windowsVirtualKeyCode", code);
        tools.call("Input.dispatchKeyEvent", down);
        tools.call(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
        return this;
    }

    /** Chooses a file, as the dialog of the system would. */
    public BrowserPage choose(String selector, Path file) {
        Map<?, ?> root = (Map<?, ?>) tools.call("DOM.getDocument", Map.of()).get("root");
        Object node = tools.call("DOM.querySelector", Map.of("nodeId", root.get("nodeId"), "selector", selector))
                .get("nodeId");
        tools.call("DOM.setFileInputFiles", Map.of("nodeId", node, "files", new Object[] {file.toString()}));
        return this;
    }

    /** What went wrong in the page: errors of scripts, what its security policy has refused. Answers of the server are not among it. */
    public List<String> problems() {
        return tools.problems();
    }

    /** Writes a picture of what is seen. */
    public void picture(Path file) {
        String png = String.valueOf(
                tools.call("Page.captureScreenshot", Map.of("format", "png")).get("data"));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text as JavaScript. */
    public static String quoted(String text) {
        return new JSON().toJSON(text);
    }
}
