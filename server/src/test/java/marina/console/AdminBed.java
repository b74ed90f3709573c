package marina.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import marina.testing.MarinaUnderTest;
import org.eclipse.jetty.util.ajax.JSON;

/** A Marina with an admin listener on a free port, users with roles, and a client. */
final class AdminBed implements AutoCloseable {
    /** The password of all users. */
    static final String PASSWORD = "secret";

    private static final String HASH = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=";

    private final MarinaUnderTest marina;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    AdminBed(Path base, String yaml) {
        this(base, yaml, "");
    }

    /** With further keys of {@code admin}. */
    AdminBed(Path base, String yaml, String more) {
        this(base, yaml, more, Map.of());
    }

    /** On a machine with this in its environment. */
    AdminBed(Path base, String yaml, String more, Map<String, String> environment) {
        StringBuilder users = new StringBuilder("users:\n");
        Map.of(
                        "sam",
                        "manager",
                        "gui",
                        "manager-gui",
                        "script",
                        "manager-script",
                        "status",
                        "manager-status",
                        "jmx",
                        "manager-jmx",
                        "clerk",
                        "clerk")
                .forEach((user, role) ->
                        users.append("  " + user + ": { password: '" + HASH + "', roles: " + role + " }\n"));
        MarinaUnderTest.write(base, "conf/users.yml", users.toString());
        marina = MarinaUnderTest.start(base, "admin: { listen: \"127.0.0.1:0\"" + more + " }\n" + yaml, environment);
    }

    MarinaUnderTest marina() {
        return marina;
    }

    URI uri(String path) {
        return marina.adminUri(path);
    }

    /** What Basic authentication sends. */
    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** A request with header fields, names and values by turns. */
    HttpResponse<String> send(String method, String path, String body, String... fields) {
        return send(method, uri(path), body, fields);
    }

    HttpResponse<String> send(String method, URI uri, String body, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }

    /** A script of a user that asks. */
    HttpResponse<String> as(String user, String method, String path) {
        return send(method, path, "", "Authorization", basic(user, PASSWORD));
    }

    /** A WAR with one page. */
    static byte[] war(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("index.html"));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
            zip.write("<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\"/>"
                    .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A user that sends bytes. */
    HttpResponse<String> upload(String user, String path, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", basic(user, PASSWORD))
                .PUT(BodyPublishers.ofByteArray(body))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).join();
    }

    /** The answer's JSON. */
    static Map<?, ?> json(HttpResponse<String> answer) {
        return (Map<?, ?>) new JSON().fromJSON(answer.body());
    }

    /** A browser that logs in. */
    HttpResponse<String> login(String user, String password) {
        return send(
                "POST",
                "/api/v1/login",
                "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}",
                "Content-Type",
                "application/json");
    }

    /** The cookie of a login, as a browser sends it back. */
    static String cookie(HttpResponse<String> login) {
        String set = login.headers().firstValue("Set-Cookie").orElseThrow();
        return set.substring(0, set.indexOf(';'));
    }

    @Override
    public void close() {
        marina.close();
    }
}
