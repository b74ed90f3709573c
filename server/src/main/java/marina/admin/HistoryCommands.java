package marina.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import marina.history.History;
import marina.history.HistoryEntry;
import marina.server.MarinaServer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** The commands that have to do with former configurations. Reads the disk on a thread of the pool. */
record HistoryCommands(MarinaServer server) {

    /** Whether this is one of them: {@code GET /history}, {@code GET /history/one} and {@code POST /rollback}. */
    static boolean has(String command) {
        return List.of("GET /history", "GET /history/one", "POST /rollback").contains(command);
    }

    /** Answers one of them. */
    void handle(String command, Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        switch (command) {
            case "GET /history" -> request.getContext()
                    .execute(() -> ControlHandler.send(200, list(history()), response, callback));
            case "GET /history/one" -> request.getContext()
                    .execute(() -> one(query.getValue("number"), response, callback));
            default -> rollback(Optional.ofNullable(query.getValue("to")).orElse(""), response, callback);
        }
    }

    /** All entries as programs see them, the newest first. */
    static Object[] list(History history) {
        int current = history.current().map(HistoryEntry::number).orElse(0);
        return history.entries().stream()
                .map(entry -> entry.toMap(entry.number() == current))
                .toArray();
    }

    /** What a number in words is; empty when it is none. */
    static OptionalInt number(String text) {
        return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    private History history() {
        return server.reloader().applied().history();
    }

    private void one(String text, Response response, Callback callback) {
        OptionalInt number = number(text == null ? "" : text);
        Optional<HistoryEntry> entry = number.isPresent() ? history().entry(number.getAsInt()) : Optional.empty();
        if (entry.isEmpty()) {
            refuse(404, "there is no configuration \"" + text + "\" in the history", response, callback);
            return;
        }
        try {
            ControlHandler.send(200, history().describe(entry.get()), response, callback);
        } catch (IOException e) {
            refuse(404, "configuration " + text + " of the history cannot be read: " + e, response, callback);
        }
    }

    private void rollback(String to, Response response, Callback callback) {
        OptionalInt number = number(to);
        if (number.isEmpty() && !to.isEmpty()) {
            refuse(
                    400,
                    "\"" + to + "\" is no number of a configuration; \"marina.sh history\" lists them",
                    response,
                    callback);
            return;
        }
        var unused = server.reloader()
                .rollback(number)
                .thenAccept(outcome -> ControlHandler.sendOutcome(outcome, response, callback));
    }

    private static void refuse(int status, String message, Response response, Callback callback) {
        ControlHandler.send(status, Map.of("succeeded", false, "messages", new String[] {message}), response, callback);
    }
}
