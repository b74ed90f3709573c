package marina.rest;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import marina.history.History;
import marina.history.HistoryEntry;
import marina.server.MarinaServer;
import org.eclipse.jetty.http.HttpStatus;

/** The paths of former configurations. They read the disk. */
public record HistoryPaths(MarinaServer server) {

    void addTo(Rest rest) {
        rest.add("GET", "/history", call -> call.json(list(history())));
        rest.add("GET", "/history/one", this::one);
        rest.add("POST", "/rollback", this::rollback);
    }

    /** All entries as programs see them, the newest first. */
    public static List<Map<String, Object>> list(History history) {
        int current = history.current().map(HistoryEntry::number).orElse(0);
        return history.entries().stream()
                .map(entry -> entry.toMap(entry.number() == current))
                .toList();
    }

    /** What a number in words is; empty when it is none. */
    public static OptionalInt number(String text) {
        return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    private History history() {
        return server.reloader().applied().history();
    }

    private void one(Call call) throws BadCall {
        String text = call.required("number");
        OptionalInt number = number(text);
        HistoryEntry entry = (number.isPresent() ? history().entry(number.getAsInt()) : Optional.<HistoryEntry>empty())
                .orElseThrow(() -> new BadCall(
                        HttpStatus.NOT_FOUND_404, "there is no configuration \"" + text + "\" in the history"));
        try {
            call.json(history().describe(entry));
        } catch (IOException e) {
            throw new BadCall(
                    HttpStatus.NOT_FOUND_404, "configuration " + text + " of the history cannot be read: " + e);
        }
    }

    private void rollback(Call call) throws BadCall {
        String to = call.optional("to");
        OptionalInt number = number(to);
        if (number.isEmpty() && !to.isEmpty()) {
            throw new BadCall(
                    HttpStatus.BAD_REQUEST_400,
                    "\"" + to + "\" is no number of a configuration; \"marina.sh history\" lists them");
        }
        var unused = server.reloader().rollback(number).thenAccept(call::outcome);
    }
}
