package example.gameserver;

import java.util.stream.Collectors;

/** The pages as HTML. The page of an arena says who has served it; its script adds who serves the live connection. */
final class Pages {
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
            <link rel="stylesheet" href="%s">
            <link rel="stylesheet" href="%s">
            %s</head>
            <body>
            %s</body>
            </html>
            """;
    private static final String LOBBY =
            """
            <main class="sheet lobby">
            <header class="heading">
            <img src="%s" alt="" width="40" height="40">
            <div>
            <h1>Choose your waters</h1>
            <p class="muted">Each arena lives in its region. A sleeping one wakes up when you enter.</p>
            </div>
            </header>
            <ul class="regions">
            %s</ul>
            </main>
            <footer class="footer">This page comes from %s</footer>
            """;
    private static final String ARENA =
            """
            <main class="sheet arena" id="game" data-base="%s">
            <header class="heading">
            <img src="%s" alt="" width="40" height="40">
            <h1>Arena %s</h1>
            <p class="state" id="state" role="status" data-state="busy">Connecting…</p>
            </header>
            <div class="board">
            <canvas id="sea" tabindex="0" role="img" aria-label="The sea. Steer with the arrow keys, or point where to sail."
             width="1000" height="600"></canvas>
            <p class="hint">Point where to sail, or use the arrow keys. Reach the buoys.</p>
            <button class="button" id="back" type="button" hidden>Come back</button>
            </div>
            <aside class="side">
            <section class="players" aria-labelledby="players-title">
            <h2 id="players-title">Here now <span id="count" class="muted"></span></h2>
            <ul id="players" tabindex="0" aria-labelledby="players-title"></ul>
            </section>
            <section class="chat" aria-labelledby="chat-title">
            <h2 id="chat-title">Chat</h2>
            <ol id="lines" role="log" tabindex="0" aria-labelledby="chat-title"></ol>
            <p id="notice" class="notice" role="alert" hidden></p>
            <form id="say" autocomplete="off">
            <label for="text" class="unseen">Message</label>
            <input id="text" maxlength="%d" placeholder="Say something" enterkeyhint="send">
            <button class="button" type="submit">Send</button>
            </form>
            <form id="rename" autocomplete="off">
            <label for="name">You are</label>
            <input id="name" maxlength="%d" enterkeyhint="done" autocapitalize="words" spellcheck="false">
            </form>
            </section>
            </aside>
            </main>
            <footer class="footer">
            <p class="served" data-match="%s">Page from %s</p>
            <p class="served" id="socket">No live connection yet</p>
            %s</footer>
            """;

    private final String contextPath;
    private final Settings settings;

    Pages(String contextPath, Settings settings) {
        this.contextPath = contextPath;
        this.settings = settings;
    }

    String page() {
        return settings.regions().isEmpty() ? arena() : lobby();
    }

    private String lobby() {
        String regions = settings.regions().stream().map(this::region).collect(Collectors.joining());
        return render("Lobby", "", LOBBY.formatted(url("mark.svg"), regions, who()));
    }

    private String region(Settings.Region region) {
        boolean here = region.code().equals(settings.place().region());
        return """
                <li><a class="region" href="%s%s/">
                <strong>%s</strong>
                <span class="code">%s</span>%s
                </a></li>
                """
                .formatted(
                        escape(settings.arenas()),
                        escape(region.code()),
                        escape(region.name()),
                        escape(region.code()),
                        here ? "<span class=\"here\">near you</span>" : "");
    }

    private String arena() {
        String region = settings.place().region();
        String script = "<script type=\"module\" src=\"" + url("game.js") + "\"></script>\n";
        return render(
                "Arena " + settings.arena(),
                script,
                ARENA.formatted(
                        escape(contextPath),
                        url("mark.svg"),
                        escape(settings.arena()),
                        Words.LONGEST_LINE,
                        Words.LONGEST_NAME,
                        region.isEmpty() ? "unknown" : region.equals(settings.arena()) ? "yes" : "no",
                        who(),
                        settings.lobby().isEmpty()
                                ? ""
                                : "<p><a href=\"" + escape(settings.lobby()) + "\">Other arenas</a></p>\n"));
    }

    /** A page for an error: what the user can do, and nothing of what went wrong inside. */
    String failure(int status) {
        String title =
                switch (status) {
                    case 403 -> "That came from another site";
                    case 404 -> "Nothing here";
                    case 405, 426 -> "Not like this";
                    default -> "Something went wrong";
                };
        String advice =
                switch (status) {
                    case 403 -> "The arena can only be entered from its own page.";
                    case 404 -> "This page does not exist. The arena does.";
                    case 405, 426 -> "This address only takes what the arena's own page sends.";
                    default -> "It has been written to the log. Try again in a moment.";
                };
        return render(
                title,
                "",
                """
                <main class="sheet failure">
                <p class="status">%d</p>
                <h1>%s</h1>
                <p>%s</p>
                <p><a class="button" href="%s/">%s</a></p>
                </main>
                """
                        .formatted(status, title, advice, escape(contextPath), status < 500 ? "Enter" : "Try again"));
    }

    private String render(String title, String script, String body) {
        return PAGE.formatted(escape(title), url("mark.svg"), url("base.css"), url("game.css"), script, body);
    }

    /** The region and the machine that serve, as both pages and the script name them. */
    private String who() {
        Settings.Place place = settings.place();
        String region = place.region().isEmpty() ? "this server" : place.region();
        return "<b>" + escape(region) + "</b>"
                + (place.machine().isEmpty() ? "" : ", machine <code>" + escape(place.machine()) + "</code>");
    }

    private String url(String asset) {
        return escape(Asset.url(contextPath, asset));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
