package example.todo;

import jakarta.servlet.http.HttpServletRequest;
import java.util.stream.Collectors;

/** The few JSON texts that the page's script asks for; too few to bring a library into the WAR. */
final class Json {
    private Json() {}

    /** Whether the client wants JSON rather than a page: its script says so, a form cannot. */
    static boolean isWanted(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains("application/json");
    }

    static String of(TodoList list) {
        return list.items().stream()
                .map(item -> "{\"id\":" + string(item.id()) + ",\"text\":" + string(item.text()) + ",\"done\":"
                        + item.done() + "}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}\n"));
    }

    static String error(String message) {
        return "{\"error\":" + string(message) + "}\n";
    }

    private static String string(String value) {
        StringBuilder json = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || c == '<' || c == '\u2028' || c == '\u2029') {
                // RFC 8259 section 7; a lone surrogate would otherwise become a question mark.
                json.append("\\u").append(String.format("%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
