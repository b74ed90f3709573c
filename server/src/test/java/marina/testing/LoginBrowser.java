package marina.testing;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a browser does around a login: it keeps cookies, follows one redirect at a time and sends forms. */
public final class LoginBrowser {
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

    private final MarinaUnderTest marina;
    private final String[] fields;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final List<String> setCookies = new ArrayList<>();
    private int sessions;

    /**
     * A browser without cookies.
     *
     * @param fields are sent with each request: names and values
     */
    public LoginBrowser(MarinaUnderTest marina, String... fields) {
        this.marina = marina;
        this.fields = fields;
    }

    /** GET as for a page. */
    public HttpResponse<String> get(String target) {
        return send(request(target).GET());
    }

    /** POST of a form. */
    public HttpResponse<String> post(String target, String form, String... more) {
        HttpRequest.Builder request = request(target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (more.length > 0) {
            request.headers(more);
        }
        return send(request);
    }

    /** Goes where an answer leads. */
    public HttpResponse<String> follow(HttpResponse<String> redirect) {
        String target = redirect.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError(redirect.statusCode() + " " + redirect.body()));
        return get(redirect.uri().resolve(target).toString());
    }

    /** Fills in the form of a page and sends it to where it came from. */
    public HttpResponse<String> submit(HttpResponse<String> page, String user, String password, String... more) {
        StringBuilder form = new StringBuilder("username=" + encoded(user) + "&password=" + encoded(password));
        Matcher hidden = HIDDEN.matcher(page.body());
        while (hidden.find()) {
            String value = hidden.group(2).replace("&amp;", "&").replace("&apos;", "'");
            form.append('&').append(hidden.group(1)).append('=').append(encoded(value));
        }
        return post(page.uri().toString(), form.toString(), more);
    }

    /** Logs in on the way to a page. */
    public LoginBrowser loggedIn(String target, String user, String password) {
        HttpResponse<String> page = follow(get(target));
        HttpResponse<String> entered = submit(page, user, password);
        if (entered.statusCode() != 303) {
            throw new AssertionError("login gives " + entered.statusCode() + " " + entered.body());
        }
        return this;
    }

    /** The value of a cookie, empty when there is none. */
    public String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }

    /** All cookies as a field has them. */
    public String cookies() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    /** Every Set-Cookie so far. */
    public List<String> setCookies() {
        return List.copyOf(setCookies);
    }

    /** How often a session was renewed. */
    public int renewals() {
        return sessions - 1;
    }

    private HttpRequest.Builder request(String target) {
        URI uri = target.startsWith("/") ? marina.uri(target) : URI.create(target);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/html,*/*");
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookies());
        }
        return fields.length > 0 ? request.headers(fields) : request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        HttpResponse<String> answer =
                client.sendAsync(request.build(), BodyHandlers.ofString()).join();
        for (String cookie : answer.headers().allValues("Set-Cookie")) {
            setCookies.add(cookie);
            int equals = cookie.indexOf('=');
            String name = cookie.substring(0, equals);
            String value = cookie.substring(equals + 1, cookie.indexOf(';'));
            if (cookie.contains("Max-Age=0")) {
                cookies.remove(name);
            } else {
                cookies.put(name, value);
                sessions += name.endsWith("marina_session") ? 1 : 0;
            }
        }
        return answer;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
