package marina.login;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.StringUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages around a login: they need no script, load nothing from elsewhere and cannot be framed. Immutable. */
final class LoginPages {
    private static final Logger LOG = LoggerFactory.getLogger(LoginPages.class);

    private static final Pattern NAME = Pattern.compile("\\{\\{([a-z]+)}}");
    private static final String LAYOUT = resource("page.html");
    private static final String STYLE = resource("page.css");
    private static final String FORM = resource("form.html");

    /** Nothing but the style of the page itself, and forms that go to this server. */
    private static final String POLICY = "default-src 'none'; style-src 'sha256-"
            + Base64.getEncoder().encodeToString(Base64.getUrlDecoder().decode(Signer.sha256(STYLE)))
            + "'; base-uri 'none'; frame-ancestors 'none'";

    private final String realm;
    private final Path own;

    /**
     * Pages of a login.
     *
     * @param realm the title of the form
     * @param own the operator's page with the form; an empty path for the built-in one
     */
    LoginPages(String realm, Path own) {
        this.realm = realm;
        this.own = own;
    }

    /** The form. Reads the operator's page from the disk. */
    void form(int status, Form form, Exchange exchange) {
        Map<String, String> values = Map.of(
                "realm",
                StringUtil.sanitizeXmlString(realm),
                "user",
                StringUtil.sanitizeXmlString(form.user),
                "message",
                form.message.isEmpty() ? "" : alert(form.message),
                "fields",
                hidden("token", form.token) + hidden(ReturnPath.NAME, form.target));
        String page = ownPage();
        if (page.isEmpty()) {
            send(status, layout(realm, fill(FORM, values)), POLICY, exchange);
        } else {
            send(status, fill(page, values), "frame-ancestors 'none'", exchange);
        }
    }

    /** Asks whether to log out. */
    void logout(String home, Exchange exchange) {
        String content = "<form method=\"post\">\n<p>Do you want to sign out?</p>\n"
                + "<p><button type=\"submit\">Sign out</button></p>\n</form>\n" + link(home, "Back");
        send(HttpStatus.OK_200, layout(realm, content), POLICY, exchange);
    }

    /** Some words and where to go next. */
    void notice(int status, String title, String text, Link next, Exchange exchange) {
        String content = "<p>" + StringUtil.sanitizeXmlString(text) + "</p>\n" + link(next.target, next.text);
        send(status, layout(title, content), POLICY, exchange);
    }

    /**
     * What a form is filled with.
     *
     * @param token proves that the form is ours
     * @param target where to go after the login
     * @param user the name that was typed before
     * @param message what went wrong, empty when nothing did
     */
    record Form(String token, String target, String user, String message) {}

    /** A way on: a path of this server. */
    record Link(String target, String text) {}

    /** Whether {@link #form} blocks. */
    boolean needsDisk() {
        return !own.toString().isEmpty();
    }

    private String ownPage() {
        if (own.toString().isEmpty()) {
            return "";
        }
        try {
            return Files.readString(own);
        } catch (IOException e) {
            LOG.warn("auth.form.page {} cannot be read, the built-in page is shown: {}", own, e.toString());
            return "";
        }
    }

    private static String layout(String title, String content) {
        return fill(LAYOUT, Map.of("title", StringUtil.sanitizeXmlString(title), "style", STYLE, "content", content));
    }

    /** In one pass, so that what somebody has typed is not filled in once more. */
    private static String fill(String template, Map<String, String> values) {
        return NAME.matcher(template)
                .replaceAll(name -> Matcher.quoteReplacement(values.getOrDefault(name.group(1), name.group())));
    }

    private static String alert(String message) {
        return "<p class=\"message\" role=\"alert\">" + StringUtil.sanitizeXmlString(message) + "</p>\n";
    }

    private static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + StringUtil.sanitizeXmlString(value) + "\">\n";
    }

    private static String link(String target, String text) {
        return "<p><a href=\"" + StringUtil.sanitizeXmlString(target) + "\">" + StringUtil.sanitizeXmlString(text)
                + "</a></p>\n";
    }

    private static void send(int status, String page, String policy, Exchange exchange) {
        Response response = exchange.response();
        response.setStatus(status);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8")
                .put(HttpHeader.CACHE_CONTROL, "no-store")
                .put("Content-Security-Policy", policy)
                .put("X-Content-Type-Options", "nosniff")
                // Of a form whose page sends no referrer, browsers tell no origin either.
                .put("Referrer-Policy", "same-origin")
                .put(HttpHeader.CONTENT_LENGTH, page.getBytes(StandardCharsets.UTF_8).length);
        Content.Sink.write(response, true, page, exchange.callback());
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(LoginPages.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
