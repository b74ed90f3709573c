package marina.cable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Objects;
import javax.management.JMException;
import javax.management.ObjectName;
import marina.testing.CableClient;
import marina.testing.MarinaUnderTest;

/** A Marina with a cable, and what stands around it. */
record CableUnderTest(MarinaUnderTest marina) implements AutoCloseable {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One that takes broadcasts without a token at {@code /_broadcast}, as Navigator does. */
    static CableUnderTest open(Path base, String more) {
        return new CableUnderTest(
                MarinaUnderTest.start(base, "cable: { path: /cable, require_token: false" + more + " }\n"));
    }

    static CableUnderTest start(Path base, String yaml) {
        return new CableUnderTest(MarinaUnderTest.start(base, yaml));
    }

    /** A context with an application that tells its environment at {@code /env}. */
    static String app(String path) {
        return "  " + path + ": { command: [node, \""
                + Path.of("src/test/resources/apps/app.js").toAbsolutePath() + "\"] }\n";
    }

    CableClient client(String path) {
        return CableClient.open(marina.uri(""), path);
    }

    /** The status of a broadcast to the address of all. */
    int broadcast(String body) {
        return marina.post("/_broadcast", body).statusCode();
    }

    /** The status of a broadcast to an address that an application was told. */
    static HttpResponse<String> post(String url, String body, String... fields) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(body));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** What the application of a context finds in its environment. */
    String variable(String context, String name) throws IOException {
        String env = marina.get(context + "/env").body();
        String value = JsonText.string(JsonText.members(env).get(name));
        if (value.isEmpty()) {
            throw new IOException("the application has no " + name);
        }
        return value;
    }

    /** A number that operators see. */
    long count(String attribute) {
        return ((Number) attribute(attribute)).longValue();
    }

    /** Something that operators see. */
    boolean isTrue(String attribute) {
        return Boolean.TRUE.equals(attribute(attribute));
    }

    private Object attribute(String name) {
        try {
            return Objects.requireNonNull(marina.mbeans().getAttribute(new ObjectName("marina:type=Cable"), name));
        } catch (JMException e) {
            throw new AssertionError(name + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        marina.close();
    }
}
