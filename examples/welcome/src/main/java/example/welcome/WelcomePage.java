package example.welcome;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** The pages of the root context as HTML, complete in themselves and without JavaScript. */
final class WelcomePage {
    private static final String PAGE =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%s</title>
            <link rel="icon" type="image/svg+xml" href="%s">
            <style>%s</style>
            </head>
            <body>
            %s</body>
            </html>
            """;
    private static final String NEXT_STEPS =
            """
            <ul class="steps" aria-label="Next steps">
            <li><h2>Mount something</h2>
            <p>Add a context to <code>conf/server.yml</code>, or drop a WAR into <code>webapps/</code>.
            Both are watched: nothing needs a restart.</p></li>
            <li><h2>See what runs</h2>
            <p><code>bin/marina.sh status</code> tells how the server is,
            <code>bin/marina.sh contexts</code> how each context is.</p></li>
            <li><h2>Read on</h2>
            <p><code>docs/getting-started.md</code> is the first half hour,
            <code>docs/configuration.md</code> has every key.</p></li>
            </ul>
            """;
    private static final String TABLE_HEAD =
            """
            <table>
            <caption>%s</caption>
            <thead><tr><th scope="col">Context</th><th scope="col">Kind</th><th scope="col">State</th>\
            <th scope="col" class="number">Process</th><th scope="col" class="number">Requests</th></tr></thead>
            <tbody>
            """;

    private WelcomePage() {}

    static String welcome(ServerOverview server) {
        String body =
                """
                <main class="sheet wide">
                <header class="heading">
                <img src="%s" alt="" width="52" height="52">
                <div>
                <h1>Marina%s is running</h1>
                <p>Every path below is an application of its own.</p>
                </div>
                </header>
                %s</main>
                %s<footer class="footer">Process %d%s</footer>
                """
                        .formatted(
                                Look.MARK,
                                server.version()
                                        .map(version -> " " + escape(version))
                                        .orElse(""),
                                contexts(server),
                                NEXT_STEPS,
                                ProcessHandle.current().pid(),
                                server.uptime()
                                        .map(time -> " · up for " + inWords(time))
                                        .orElse(""));
        return page("Marina", body);
    }

    static String failure(int status, String title, String advice) {
        return page(
                title,
                """
                <main class="sheet failure">
                <p class="status">%d</p>
                <h1>%s</h1>
                <p>%s</p>
                <p><a class="button" href="/">See all contexts</a></p>
                </main>
                """
                        .formatted(status, escape(title), escape(advice)));
    }

    private static String contexts(ServerOverview server) {
        if (server.contexts().isEmpty()) {
            return "<p class=\"none\">The server tells nothing about its contexts here. Ask it with"
                    + " <code>bin/marina.sh contexts</code>.</p>\n";
        }
        int count = server.contexts().size();
        StringBuilder html = new StringBuilder(2048);
        html.append(TABLE_HEAD.formatted(count == 1 ? "1 context" : count + " contexts"));
        server.contexts().forEach(context -> html.append(row(context)));
        return html.append("</tbody>\n</table>\n").toString();
    }

    private static String row(MountedContext context) {
        return """
                <tr><th scope="row" class="path"><a href="%s">%s</a>%s</th>
                <td>%s</td><td>%s</td>
                <td class="number" data-before="process">%s</td><td class="number" data-unit="requests">%s</td></tr>
                """
                .formatted(
                        escape(address(context.path())),
                        escape(context.path()),
                        context.description()
                                .map(text -> "<span class=\"about\">" + escape(text) + "</span>")
                                .orElse(""),
                        context.kind()
                                .map(kind -> "<span class=\"kind\">" + escape(kind) + "</span>")
                                .orElse(""),
                        context.state().map(WelcomePage::state).orElse(""),
                        digits(context.pid()),
                        digits(context.requests()));
    }

    private static String state(String state) {
        String look =
                switch (state.toUpperCase(Locale.ROOT)) {
                    case "READY" -> "ready";
                    case "STARTING", "DRAINING", "STOPPING" -> "busy";
                    case "FAILED" -> "failed";
                    default -> "rest";
                };
        return "<span class=\"state " + look + "\">" + escape(state.toLowerCase(Locale.ROOT)) + "</span>";
    }

    /** The path as a link: with the slash that saves a redirect, and with what a URL may not hold encoded. */
    private static String address(String path) {
        String folder = path.endsWith("/") ? path : path + "/";
        try {
            return new URI(null, null, folder, null).toASCIIString();
        } catch (URISyntaxException e) {
            return "/";
        }
    }

    private static String inWords(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    private static String digits(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "";
    }

    private static String page(String title, String body) {
        return PAGE.formatted(escape(title), Look.MARK, Look.STYLE, body);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
