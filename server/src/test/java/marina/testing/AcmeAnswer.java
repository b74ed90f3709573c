package marina.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.util.ajax.JSON;

/** The forms in which {@link AcmeAuthority} answers. */
final class AcmeAnswer {
    private static final String ERROR = "urn:ietf:params:acme:error:";

    private AcmeAnswer() {}

    static Map<String, Object> problemJson(String type, String detail) {
        return Map.of("type", ERROR + type, "detail", detail);
    }

    static void problem(HttpExchange exchange, int status, String type, String detail, int retryAfter)
            throws IOException {
        if (retryAfter > 0) {
            exchange.getResponseHeaders().set("Retry-After", Integer.toString(retryAfter));
        }
        text(exchange, status, "application/problem+json", new JSON().toJSON(problemJson(type, detail)));
    }

    static Map<String, Object> directory(String base, boolean renewal) {
        Map<String, Object> directory = new LinkedHashMap<>();
        directory.put("newNonce", base + "/nonce");
        directory.put("newAccount", base + "/account");
        directory.put("newOrder", base + "/order");
        if (renewal) {
            directory.put("renewalInfo", base + "/renewal");
        }
        directory.put("meta", Map.of("termsOfService", base + "/terms"));
        return directory;
    }

    /** RFC 9773: one second from this moment on. */
    static Map<String, Object> window(Instant start) {
        return Map.of(
                "suggestedWindow",
                Map.of("start", start.toString(), "end", start.plusSeconds(1).toString()));
    }

    /** A problem document that has been made ready. */
    record Refusal(int status, String type, String detail, int retryAfter) {
        void send(HttpExchange exchange) throws IOException {
            problem(exchange, status, type, detail, retryAfter);
        }
    }

    static void json(HttpExchange exchange, int status, Object json) throws IOException {
        text(exchange, status, "application/json", new JSON().toJSON(json));
    }

    static void text(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
