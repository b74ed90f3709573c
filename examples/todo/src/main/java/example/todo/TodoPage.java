package example.todo;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * The list as HTML. Every action is a form, so that it works without JavaScript; the script finds its way by the ids,
 * and clones the row in the template for what it adds itself, so that the mark-up of a row exists once.
 */
final class TodoPage {
    private static final String HEAD =
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
            """;
    private static final String EMPTY =
            """
            <div id="empty" class="empty"%s>
            <svg viewBox="0 0 160 84" aria-hidden="true" focusable="false">
            <circle class="sun" cx="112" cy="36" r="14"/>
            <path class="sail" d="M74 12v40H46zM79 22l21 30H79z"/>
            <path class="hull" d="M42 57h68l-9 12H52z"/>
            <path class="wave" d="M8 74q9-7 18 0t18 0 18 0 18 0 18 0 18 0 18 0 18 0"/>
            </svg>
            <p><strong>Calm sea.</strong> Nothing to do here yet.</p>
            </div>
            """;

    private final String contextPath;
    private final String message;
    private final String typed;

    /** The page as it is when all is well. */
    TodoPage(String contextPath) {
        this(contextPath, "", "");
    }

    /** The page after an item was refused: says why, and gives back what was typed. */
    TodoPage(String contextPath, String message, String typed) {
        this.contextPath = contextPath;
        this.message = message;
        this.typed = typed;
    }

    /** The id of an item's row. */
    static String rowId(String itemId) {
        return "item-" + itemId;
    }

    String render(TodoList list) {
        StringBuilder html = new StringBuilder(4096);
        html.append(head(contextPath, name(contextPath)));
        html.append("<script src=\"")
                .append(escape(Asset.url(contextPath, "todo.js")))
                .append("\" defer></script>\n</head>\n<body>\n");
        html.append("<main id=\"list\" class=\"sheet\" data-base=\"")
                .append(escape(contextPath))
                .append("\" data-limit=\"")
                .append(TodoItem.MAX_LENGTH)
                .append("\">\n");
        html.append(heading(contextPath)).append(addForm());
        html.append("<ul id=\"items\" class=\"items\">\n");
        list.items().forEach(item -> html.append(row(item)));
        html.append("</ul>\n").append(EMPTY.formatted(hiddenIf(!list.items().isEmpty())));
        html.append(summary(list));
        html.append("<template id=\"row\">")
                .append(row(new TodoItem("new", "", false)))
                .append("</template>\n</main>\n");
        html.append("<footer class=\"footer\">Process ")
                .append(ProcessHandle.current().pid())
                .append(" · ")
                .append(escape(list.database()))
                .append("</footer>\n</body>\n</html>\n");
        return html.toString();
    }

    /** A page for an error, in the look of the list. */
    static String failure(String contextPath, int status, FailureServlet.Failure failure) {
        return head(contextPath, failure.title())
                + """
                </head>
                <body>
                <main class="sheet failure">
                <p class="status">%d</p>
                <h1>%s</h1>
                <p>%s</p>
                <p><a class="button" href="%s/">%s</a></p>
                </main>
                </body>
                </html>
                """
                        .formatted(
                                status,
                                escape(failure.title()),
                                escape(failure.advice()),
                                escape(contextPath),
                                status < 500 ? "Open the list" : "Try again");
    }

    private static String head(String contextPath, String title) {
        return HEAD.formatted(
                escape(title),
                escape(Asset.url(contextPath, "mark.svg")),
                escape(Asset.url(contextPath, "base.css")),
                escape(Asset.url(contextPath, "todo.css")));
    }

    private static String heading(String contextPath) {
        String name = escape(name(contextPath));
        int lastPart = name.lastIndexOf(" / ");
        String crumbs = lastPart < 0
                ? name
                : "<span class=\"crumb\">" + name.substring(0, lastPart) + " / </span>" + name.substring(lastPart + 3);
        return """
                <header class="heading">
                <img src="%s" alt="" width="40" height="40">
                <h1>%s</h1>
                </header>
                """
                .formatted(escape(Asset.url(contextPath, "mark.svg")), crumbs);
    }

    private String addForm() {
        return """
                <form id="add" class="add" method="post" action="%s/items" autocomplete="off">
                <label class="unseen" for="text">What is there to do?</label>
                <input id="text" name="text" type="text" value="%s" placeholder="What is there to do?" required
                 autofocus enterkeyhint="done" aria-describedby="message">
                <button type="submit" class="button">Add</button>
                </form>
                <p id="message" class="message" role="alert"%s>%s</p>
                """
                .formatted(escape(contextPath), escape(typed), hiddenIf(message.isEmpty()), escape(message));
    }

    private String row(TodoItem item) {
        String id = escape(item.id());
        return """
                <li id="%1$s" class="item" data-id="%2$s"><form method="post" action="%3$s/items/%2$s">
                <button id="tick-%2$s" class="tick" name="do" value="%4$s" role="checkbox" aria-checked="%5$s"></button>
                <label for="tick-%2$s" class="text">%6$s</label>
                <button class="delete" name="do" value="delete" aria-label="Delete %6$s" title="Delete"></button>
                </form></li>
                """
                .formatted(
                        rowId(id),
                        id,
                        escape(contextPath),
                        item.done() ? "open" : "done",
                        item.done(),
                        escape(item.text()));
    }

    private String summary(TodoList list) {
        return """
                <div id="summary" class="summary"%s>
                <p id="count" role="status" aria-live="polite">%s</p>
                <form id="clear" method="post" action="%s/clear"%s>
                <button type="submit" class="quiet">Clear done</button>
                </form>
                </div>
                """
                .formatted(
                        hiddenIf(list.items().isEmpty()), count(list), escape(contextPath), hiddenIf(list.done() == 0));
    }

    private static String count(TodoList list) {
        if (list.items().isEmpty()) {
            return "";
        }
        return list.open() == 0
                ? "All done"
                : list.open() + " open" + (list.done() == 0 ? "" : ", " + list.done() + " done");
    }

    private static String name(String contextPath) {
        if (contextPath.isEmpty()) {
            return "Todo";
        }
        // A path is not a form: there, a plus sign is a plus sign.
        String path = URLDecoder.decode(contextPath.replace("+", "%2B"), StandardCharsets.UTF_8);
        return path.substring(1).replace("/", " / ");
    }

    private static String hiddenIf(boolean hidden) {
        return hidden ? " hidden" : "";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
