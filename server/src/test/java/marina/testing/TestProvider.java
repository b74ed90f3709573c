package marina.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * A provider of OpenID Connect on this machine, which signs everybody in as its user without asking. It keeps to the protocol, so
 * that a client that does not is noticed: codes are good once, for the redirect URI and the challenge that they were asked with.
 */
public final class TestProvider implements AutoCloseable {
    /** Of the client, as it proves it to be. */
    public static final String CLIENT = "marina test";

    /** Of the client. */
    public static final String SECRET = "s:e&c%r e+t";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Map<String, Object> userinfo = Map.of();
    private volatile Map<String, Object> metadata = Map.of();
    private volatile Consumer<Map<String, Object>> forger = claims -> {};
    private volatile int tokenStatus = 200;

    private TestProvider(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Starts one; port 0 lets the system choose. */
    public static TestProvider start(int port) {
        try {
            return new TestProvider(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its port. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Its name. */
    public String issuer() {
        return "http://127.0.0.1:" + port() + "/realm";
    }

    /** Changes the claims of each token from now on. */
    public TestProvider claims(Consumer<Map<String, Object>> change) {
        forger = change;
        return this;
    }

    /** What the userinfo endpoint answers; without it there is none. */
    public TestProvider userinfo(Map<String, Object> claims) {
        userinfo = claims;
        return this;
    }

    /** Replaces parts of the metadata. */
    public TestProvider metadata(Map<String, Object> changes) {
        metadata = changes;
        return this;
    }

    /** The status of the token endpoint. */
    public TestProvider tokenStatus(int status) {
        tokenStatus = status;
        return this;
    }

    /** Methods and paths of all requests so far. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + path);
            switch (path) {
                case "/realm/.well-known/openid-configuration" -> json(exchange, 200, discovery());
                case "/authorize" -> authorize(exchange);
                case "/token" -> token(exchange);
                case "/userinfo" -> json(exchange, 200, userinfo);
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private Map<String, Object> discovery() {
        String base = "http://127.0.0.1:" + port();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("issuer", issuer());
        all.put("authorization_endpoint", base + "/authorize?tenant=1");
        all.put("token_endpoint", base + "/token");
        if (!userinfo.isEmpty()) {
            all.put("userinfo_endpoint", base + "/userinfo");
        }
        all.putAll(metadata);
        return all;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = parameters(exchange.getRequestURI().getRawQuery());
        boolean right = CLIENT.equals(query.get("client_id"))
                && "code".equals(query.get("response_type"))
                && "1".equals(query.get("tenant"))
                && query.getOrDefault("scope", "").contains("openid")
                && "S256".equals(query.get("code_challenge_method"))
                && query.containsKey("nonce");
        if (!right) {
            json(exchange, 400, Map.of("error", "invalid_request"));
            return;
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, query);
        String back = query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state");
        exchange.getResponseHeaders().set("Location", back);
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        Map<String, String> form = parameters(body);
        Map<String, String> login = codes.remove(form.getOrDefault("code", ""));
        if (tokenStatus != 200) {
            json(exchange, tokenStatus, Map.of("message", "out of order"));
        } else if (!isClient(exchange, form)) {
            json(exchange, 401, Map.of("error", "invalid_client"));
        } else if (login == null
                || !"authorization_code".equals(form.get("grant_type"))
                || !login.get("redirect_uri").equals(form.get("redirect_uri"))
                || !login.get("code_challenge").equals(challenge(form.getOrDefault("code_verifier", "")))) {
            json(exchange, 400, Map.of("error", "invalid_grant"));
        } else {
            json(
                    exchange,
                    200,
                    Map.of("access_token", "at", "token_type", "Bearer", "id_token", idToken(login.get("nonce"))));
        }
    }

    private boolean isClient(HttpExchange exchange, Map<String, String> form) {
        String basic = exchange.getRequestHeaders().getFirst("Authorization");
        if (basic == null) {
            return CLIENT.equals(form.get("client_id")) && SECRET.equals(form.get("client_secret"));
        }
        String pair = new String(Base64.getDecoder().decode(basic.substring(6)), StandardCharsets.US_ASCII);
        int colon = pair.indexOf(':');
        return CLIENT.equals(decoded(pair.substring(0, colon))) && SECRET.equals(decoded(pair.substring(colon + 1)));
    }

    private String idToken(String nonce) {
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", issuer());
        claims.put("aud", CLIENT);
        claims.put("sub", "4711");
        claims.put("email", "anna@example.com");
        claims.put("email_verified", true);
        claims.put("nonce", nonce);
        claims.put("exp", Instant.now().getEpochSecond() + 300);
        forger.accept(claims);
        return base64("{\"alg\":\"RS256\"}") + "." + base64(new JSON().toJSON(claims)) + ".c2ln";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> result = new HashMap<>();
        for (String pair : List.of(text.split("&", -1))) {
            int equals = pair.indexOf('=');
            result.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
        return result;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void json(HttpExchange exchange, int status, Map<String, Object> object) throws IOException {
        byte[] body = new JSON().toJSON(object).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
