package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import marina.rest.Rest;
import marina.testing.MarinaUnderTest;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of REST (openapi.json) says what the server does: every path, method, status and field. */
class RestDescriptionTest {
    private static final Set<String> STREAMS = Set.of("/events", "/logs/stream");
    private static final Set<String> OF_SESSIONS = Set.of("/session", "/login", "/logout");

    private static final String YAML =
            """
            services: { sleeper: { command: [sleep, "1000"] } }
            hooks: { start: [{ command: "echo hello" }] }
            contexts:
              /a: { files: conf }
              /pool: { upstream: { members: [{ url: "http://127.0.0.1:1" }] } }
            """;

    @TempDir
    Path base;

    private Map<?, ?> schemas = Map.of();

    private static Map<?, ?> map(@Nullable Object json) {
        assertThat(json).isInstanceOf(Map.class);
        return (Map<?, ?>) Objects.requireNonNull(json);
    }

    private Map<?, ?> description(AdminBed bed) {
        Map<?, ?> description = AdminBed.json(bed.as("sam", "GET", "/api/v1/openapi.json"));
        schemas = map(map(description.get("components")).get("schemas"));
        return map(description.get("paths"));
    }

    @Test
    void hasEveryPathAndMethodAndNoOther() {
        try (AdminBed bed = new AdminBed(base, YAML)) {
            Map<String, Set<String>> described = new TreeMap<>();
            description(bed).forEach((path, methods) -> {
                Set<String> names = new TreeSet<>();
                map(methods)
                        .keySet()
                        .forEach(name -> names.add(String.valueOf(name).toUpperCase(Locale.ROOT)));
                described.put(String.valueOf(path), names);
            });
            Map<String, Set<String>> served = new TreeMap<>();
            new Rest(bed.marina().server(), () -> {})
                    .table()
                    .forEach((path, methods) -> served.put(path, new TreeSet<>(methods)));
            assertThat(described.keySet()).containsAll(OF_SESSIONS);
            OF_SESSIONS.forEach(described::remove);
            assertThat(described).isEqualTo(served);
        }
    }

    @Test
    void everyAnswerHasTheFieldsThatAreDescribed() {
        try (AdminBed bed = new AdminBed(base, YAML)) {
            bed.marina().reload("admin: { listen: \"127.0.0.1:0\" }\n" + YAML);
            Map<String, String> queries = new LinkedHashMap<>();
            queries.put("/contexts/one", "?path=/a");
            queries.put("/configuration", "?path=/a");
            queries.put("/history/one", "?number=1");
            description(bed).forEach((path, methods) -> {
                Object get = map(methods).get("get");
                if (get == null || STREAMS.contains(path) || "/session".equals(path)) {
                    return;
                }
                HttpResponse<String> answer = bed.as("sam", "GET", "/api/v1" + path + queries.getOrDefault(path, ""));
                Map<?, ?> responses = map(map(get).get("responses"));
                assertThat(responses.keySet().stream().map(String::valueOf))
                        .as(path + " answers " + answer.statusCode())
                        .contains(String.valueOf(answer.statusCode()));
                if (answer.statusCode() == 200) {
                    Map<?, ?> content = map(map(responses.get("200")).get("content"));
                    Object schema = map(content.get("application/json")).get("schema");
                    check(String.valueOf(path), map(schema), new JSON().fromJSON(answer.body()));
                }
            });
            HttpResponse<String> login = bed.login("sam", AdminBed.PASSWORD);
            check("/login", map(schemas.get("Session")), AdminBed.json(login));
        }
    }

    @Test
    void refusalsAreDescribedToo() {
        try (AdminBed bed = new AdminBed(base, YAML)) {
            description(bed).forEach((path, methods) -> map(methods).forEach((method, operation) -> {
                if (OF_SESSIONS.contains(path)) {
                    return;
                }
                String name = String.valueOf(method).toUpperCase(Locale.ROOT);
                Map<?, ?> responses = map(map(operation).get("responses"));
                assertThat(bed.send(name, "/api/v1" + path, "").statusCode())
                        .as(name + " " + path + " without a login")
                        .isEqualTo(401);
                assertThat(responses.containsKey("401")).as(name + " " + path).isTrue();
                List<?> parameters =
                        map(operation).get("parameters") instanceof Object[] all ? List.of(all) : List.of();
                boolean needed = parameters.stream()
                        .anyMatch(
                                parameter -> Boolean.TRUE.equals(map(parameter).get("required")));
                if (needed) {
                    HttpResponse<String> answer = bed.as("sam", name, "/api/v1" + path);
                    assertThat(answer.statusCode()).as(name + " " + path).isEqualTo(400);
                    check(name + " " + path, map(schemas.get("Outcome")), AdminBed.json(answer));
                }
            }));
            assertThat(bed.as("sam", "DELETE", "/api/v1/status").statusCode()).isEqualTo(405);
            assertThat(bed.as("sam", "GET", "/api/v1/none").statusCode()).isEqualTo(404);
            assertThat(bed.as("sam", "GET", "/api/v1/contexts?limit=x").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void eachValueSaysWhereItIsWritten() {
        String yaml =
                """
                apps: { site: { files: conf, bots: reject } }
                contexts: { /a: { app: site } }
                """;
        try (AdminBed bed = new AdminBed(base, yaml)) {
            String server = bed.as("sam", "GET", "/api/v1/configuration").body();
            assertThat(server)
                    .contains("{\"key\":\"idle.action\",\"value\":\"none\",\"origin\":\"default\"}")
                    .contains("\"key\":\"admin.listen\",\"value\":\"[{\\\"host\\\":\\\"127.0.0.1\\\"")
                    .contains("\"origin\":\"conf/server.yml:2:");
            String context =
                    bed.as("sam", "GET", "/api/v1/configuration?path=/a").body();
            assertThat(context)
                    .contains("{\"key\":\"contexts./a.bots\",\"value\":\"reject\",\"origin\":\"conf/server.yml:3:");
        }
    }

    @Test
    void eventsTellOfAContextThatStarts() throws Exception {
        String yaml =
                """
                contexts:
                  /app: { command: ["${JAVA}", -cp, "${CLASSES}", marina.testing.TestApp, echo, "${port}"] }
                """;
        try (AdminBed bed = new AdminBed(base, yaml);
                marina.testing.RawClient events = new marina.testing.RawClient(bed.uri("/"))) {
            events.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                    + AdminBed.basic("sam", AdminBed.PASSWORD) + "\r\n\r\n");
            StringBuilder text = new StringBuilder();
            java.io.InputStream in = events.input();
            byte[] buffer = new byte[8192];
            while (!text.toString().contains("event: status")) {
                text.append(new String(buffer, 0, in.read(buffer), StandardCharsets.UTF_8));
            }
            assertThat(bed.as("sam", "POST", "/api/v1/contexts/start?path=/app").statusCode())
                    .isEqualTo(200);
            while (!text.toString().contains("event: contexts")
                    || !text.substring(text.indexOf("event: contexts")).contains("\"state\":\"ready\"")) {
                text.append(new String(buffer, 0, in.read(buffer), StandardCharsets.UTF_8));
            }
            assertThat(text.toString()).contains("\"path\":\"/app\"");
        }
    }

    @Test
    void aLogIsReadSearchedAndFollowed() throws Exception {
        MarinaUnderTest.write(
                base, "logs/contexts/a.log", "2026-01-02 03:04:05.678 out apples\n2026-01-02 03:04:05.679 err pears\n");
        try (AdminBed bed = new AdminBed(base, YAML)) {
            assertThat(bed.as("sam", "GET", "/api/v1/logs?path=/a&search=PEAR").body())
                    .isEqualTo("{\"lines\":[{\"at\":\"2026-01-02T03:04:05.679\",\"level\":\"err\",\"source\":\"/a\","
                            + "\"text\":\"pears\"}],\"end\":69}\n");
            assertThat(bed.as("sam", "GET", "/api/v1/logs?path=/a&from=35").body())
                    .contains("pears")
                    .doesNotContain("apples");
            assertThat(bed.as("sam", "GET", "/api/v1/logs?path=/a&from=x").statusCode())
                    .isEqualTo(400);
            try (marina.testing.RawClient client = new marina.testing.RawClient(bed.uri("/"))) {
                client.send("GET /api/v1/logs/stream?path=/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                        + AdminBed.basic("sam", AdminBed.PASSWORD) + "\r\nLast-Event-ID: 35\r\n\r\n");
                StringBuilder text = new StringBuilder();
                byte[] buffer = new byte[8192];
                while (!text.toString().contains("retry:")) {
                    text.append(new String(buffer, 0, client.input().read(buffer), StandardCharsets.UTF_8));
                }
                java.nio.file.Files.writeString(
                        base.resolve("logs/contexts/a.log"),
                        "2026-01-02 03:04:06.000 out plums, event: none\n",
                        java.nio.file.StandardOpenOption.APPEND);
                while (!text.toString().contains("plums")) {
                    text.append(new String(buffer, 0, client.input().read(buffer), StandardCharsets.UTF_8));
                }
                assertThat(text.toString())
                        .contains("event: line", "pears", "id: 116\nevent: line\n")
                        .doesNotContain("apples");
            }
        }
    }

    /** Every described field is there, and no other. */
    private void check(String where, Map<?, ?> schema, @Nullable Object json) {
        Map<?, ?> resolved = schema.get("$ref") instanceof String ref
                ? map(schemas.get(ref.substring(ref.lastIndexOf('/') + 1)))
                : schema;
        if (json == null) {
            assertThat(resolved.get("nullable")).as(where + " is null").isEqualTo(true);
            return;
        }
        switch (String.valueOf(resolved.get("type"))) {
            case "object" -> checkObject(where, resolved, map(json));
            case "array" -> {
                assertThat(json).as(where).isInstanceOf(Object[].class);
                for (Object item : (Object[]) json) {
                    check(where + "[]", map(resolved.get("items")), item);
                }
            }
            case "string" -> assertThat(json).as(where).isInstanceOf(String.class);
            case "integer" -> assertThat(json).as(where).isInstanceOf(Long.class);
            case "number" -> assertThat(json).as(where).isInstanceOf(Number.class);
            case "boolean" -> assertThat(json).as(where).isInstanceOf(Boolean.class);
            default -> throw new AssertionError(where + " has no type");
        }
    }

    private void checkObject(String where, Map<?, ?> schema, Map<?, ?> json) {
        if (!(schema.get("properties") instanceof Map<?, ?> properties)) {
            return; // any fields
        }
        Set<String> wanted = new TreeSet<>();
        properties.keySet().forEach(name -> wanted.add(String.valueOf(name)));
        Set<String> found = new TreeSet<>();
        json.keySet().forEach(name -> found.add(String.valueOf(name)));
        assertThat(found).as(where).isEqualTo(wanted);
        properties.forEach((name, below) -> check(where + "." + name, map(below), json.get(name)));
    }
}
