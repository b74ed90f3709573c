package marina.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/**
 * What a command says with {@code --json}: one value on one line. A command that has none of its own reports {@code succeeded},
 * {@code messages} and {@code problems}.
 */
final class JsonReport {
    private final List<String> messages = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private @Nullable Object own;
    private boolean over; // a failure is told all the same

    void message(String text) {
        text.lines().forEach(messages::add);
    }

    void problem(String text) {
        text.lines().forEach(problems::add);
    }

    /** One of many lines, each of which is a value of its own: then there is no last one. */
    String line(String text) {
        return value(Map.of("text", text));
    }

    /** One of many values, after which there is no last one. */
    String value(Object value) {
        over = true;
        return new JSON().toJSON(value);
    }

    void is(Object value) {
        own = value;
    }

    /** The line, once; nothing when it has been asked for already. */
    String end(boolean succeeded) {
        if (over && problems.isEmpty()) {
            return "";
        }
        over = true;
        Object value = own;
        if (value == null || !problems.isEmpty()) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("succeeded", succeeded);
            report.put("messages", messages.toArray());
            report.put("problems", problems.toArray());
            value = report;
        }
        return new JSON().toJSON(value);
    }
}
