package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
import marina.config.ErrorPages;
import marina.config.FileStamp;
import marina.config.SessionPlace;
import marina.config.UsersConfig;
import marina.config.WebConfig;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The classes of an archive are looked through once; its later starts are like the first one. */
class KeptScanTest {
    private static final String FOUND =
            "[FoundAsKind, FoundBelow, FoundBeside, FoundByField, FoundByMethod, FoundByType]";

    @TempDir
    Path base;

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void laterStartsAnswerAsTheFirst(EeLevel level) throws Exception {
        Path archive = AnnotatedWar.of(level, base.resolve("scratch")).pack("annotated.war");
        Map<String, String> first;
        try (HostUnderTest host = new HostUnderTest(base)) {
            host.start(host.settings("/a", archive).with(level));
            first = answers(host, "/a");
            assertThat(first.get("state"))
                    .startsWith("200 [begin, made, init v] filters=null,")
                    .contains("own")
                    .contains("lib")
                    .contains(" found=" + FOUND + " c=null url=sqlite:data/a.db pool=jdbc:sqlite:");
            assertThat(first)
                    .containsEntry("lib", "200 from the jar, filters=" + filters(first))
                    .containsEntry("closed", "403")
                    .containsEntry("parts", "200 5 bytes")
                    .containsEntry("jsp", "200 a tag")
                    .containsEntry("dir", "200 the usual page")
                    .containsEntry("socket", "echo hello");
            damageClasses();
            host.start(other(level, archive));
            assertThat(answers(host, "/b")).as("with other settings").isEqualTo(asOther(first));
        }
        try (HostUnderTest host = new HostUnderTest(base)) {
            host.start(host.settings("/a", archive).with(level));
            assertThat(answers(host, "/a")).as("after a restart").isEqualTo(first);
        }
    }

    private static String filters(Map<String, String> answers) {
        return String.valueOf(answers.get("state")).replaceAll(".* filters=(\\S+) .*", "$1");
    }

    private WarSettings other(EeLevel level, Path archive) {
        WebConfig web = new WebConfig(
                UsersConfig.NONE,
                Path.of(""),
                new FileStamp(0, 0),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(90)),
                List.of("other.html"),
                Map.of("c", "set"),
                Map.of(),
                List.of(),
                WebConfig.USUAL_FORM,
                ErrorPages.NONE);
        DatabaseConfig database = new DatabaseConfig("sqlite:data/other.db", 2, "jdbc/default");
        return new WarSettings("/b", archive, level, Map.of(), database, SessionPlace.FILE, web, false, base, "");
    }

    private static Map<String, String> asOther(Map<String, String> first) {
        Map<String, String> other = new LinkedHashMap<>(first);
        other.computeIfPresent("state", (name, text) -> text.replace("c=null", "c=set")
                .replace("data/a.db", "data/other.db")
                .replace("timeout=1800", "timeout=90"));
        other.put("dir", "200 another page");
        return other;
    }

    private static Map<String, String> answers(HostUnderTest host, String context) throws Exception {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("state", text(host.response(context + "/state")));
        answers.put("lib", text(host.response(context + "/lib")));
        answers.put("closed", String.valueOf(host.response(context + "/closed").statusCode()));
        answers.put("jsp", text(host.response(context + "/page.jsp")));
        answers.put("dir", text(host.response(context + "/dir/")));
        String part = "--b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"f\"\r\n\r\n12345\r\n--b--\r\n";
        HttpRequest upload = HttpRequest.newBuilder(host.uri("http", context + "/parts"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(part))
                .build();
        answers.put("parts", text(host.client().send(upload, HttpResponse.BodyHandlers.ofString())));
        answers.put("socket", echo(host, context));
        return answers;
    }

    private static String text(HttpResponse<String> response) {
        return response.statusCode() + " " + response.body();
    }

    private static String echo(HostUnderTest host, String context) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                answer.complete(data.toString());
                return CompletableFuture.completedFuture(null);
            }
        };
        WebSocket socket = host.client()
                .newWebSocketBuilder()
                .buildAsync(host.uri("ws", context + "/echo"), listener)
                .get(30, TimeUnit.SECONDS);
        socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
        String text = answer.get(10, TimeUnit.SECONDS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        return text;
    }

    /** Whoever looks through the classes now, stumbles. */
    private void damageClasses() throws IOException {
        Files.writeString(classes().resolve("Stumble.class"), "no class");
    }

    private Path classes() throws IOException {
        return HostUnderTest.below(base.resolve("work/wars"), 1).get(0).resolve("WEB-INF/classes/app");
    }

    private Path scan() throws IOException {
        List<Path> scans = HostUnderTest.below(base.resolve("work/scans"), 1);
        assertThat(scans).hasSize(1);
        return scans.get(0);
    }

    private TestWar small() throws IOException {
        return new TestWar(EeLevel.EE10, base.resolve("scratch")).type("app.Do", servlet("a.getWriter().print(1);"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "half", "changed", "other"})
    void aDamagedFileIsReplaced(String damage) throws Exception {
        Path archive = small().pack("small.war");
        try (HostUnderTest host = new HostUnderTest(base)) {
            host.start(host.settings("/first", archive));
            byte[] whole = Files.readAllBytes(scan());
            byte[] changed = whole.clone();
            changed[whole.length - 1]++;
            Files.write(
                    scan(),
                    switch (damage) {
                        case "empty" -> new byte[0];
                        case "half" -> Arrays.copyOf(whole, whole.length / 2);
                        case "changed" -> changed;
                        default -> "something else altogether".getBytes(StandardCharsets.UTF_8);
                    });

            damageClasses();
            WarSettings settings = host.settings("/second", archive);
            assertThatThrownBy(() -> host.start(settings)).hasMessageContaining("small.war failed to start");
            Files.delete(classes().resolve("Stumble.class"));
            host.start(settings);
            assertThat(host.get("/second/do")).isEqualTo("1");
            assertThat(scan()).hasBinaryContent(whole);
            damageClasses();
            host.start(host.settings("/third", archive));
            assertThat(host.get("/third/do")).isEqualTo("1");
        }
    }

    @Test
    void whereNothingCanBeKeptEachStartLooksForItself() throws Exception {
        Files.createDirectories(base.resolve("work"));
        Files.writeString(base.resolve("work/scans"), "in the way");
        Path archive = small().pack("small.war");
        try (HostUnderTest host = new HostUnderTest(base)) {
            for (String path : List.of("/first", "/second")) {
                host.start(host.settings(path, archive));
                assertThat(host.get(path + "/do")).isEqualTo("1");
            }
        }
        assertThat(base.resolve("work/scans")).hasContent("in the way");
    }

    @Test
    void anExplodedWarIsLookedThroughAtEachStart() throws Exception {
        Path folder = small().explode("exploded");
        try (HostUnderTest host = new HostUnderTest(base)) {
            host.stop(host.start(host.settings("/e", folder)));
            String changed = servlet("a.getWriter().print(2);").replace("\"/do\"", "\"/edited\"");
            new TestWar(EeLevel.EE10, base.resolve("scratch"))
                    .type("app.Do", changed)
                    .explode("exploded");
            host.start(host.settings("/e", folder));
            assertThat(host.get("/e/edited")).isEqualTo("2");
            assertThat(host.response("/e/do").statusCode()).isEqualTo(404);
        }
        assertThat(base.resolve("work/scans")).doesNotExist();
    }

    @Test
    void aReplacedArchiveIsLookedThroughAndTheOldFindingsGo() throws Exception {
        Path archive = small().pack("small.war");
        try (HostUnderTest host = new HostUnderTest(base)) {
            HostedWar old = host.start(host.settings("/old", archive));
            Path before = scan();
            String changed = servlet("a.getWriter().print(2);").replace("\"/do\"", "\"/new\"");
            Path next = new TestWar(EeLevel.EE10, base.resolve("scratch"))
                    .type("app.Do", changed)
                    .pack("next.war");
            Files.setLastModifiedTime(next, FileTime.from(Instant.now().plusSeconds(60)));
            Files.move(next, archive, StandardCopyOption.REPLACE_EXISTING);
            host.start(host.settings("/new", archive));
            assertThat(host.get("/new/new")).isEqualTo("2");
            assertThat(host.response("/new/do").statusCode()).isEqualTo(404);
            assertThat(before).exists();
            host.stop(old);
            assertThat(before).doesNotExist();
            assertThat(scan()).isNotEqualTo(before);
        }
    }

    @Test
    void aJarThatWasSkippedIsLookedThroughWhenItIsNotSkipped() throws Exception {
        Path archive = AnnotatedWar.of(EeLevel.EE10, base.resolve("scratch")).pack("annotated.war");
        MarinaUnderTest.write(base, "webapps/annotated.war", "");
        Files.copy(archive, base.resolve("webapps/annotated.war"), StandardCopyOption.REPLACE_EXISTING);
        String yaml =
                """
                defaults: { page_after: 60s, ready: { timeout: 60s } }
                contexts:
                  /skips: { war: annotated.war, jars_to_skip: lib.jar }
                  /whole: { war: annotated.war }
                  /alone: { war: annotated.war, isolation: process }
                """;
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.get("/skips/lib").statusCode()).isEqualTo(404);
            assertThat(marina.get("/skips/state").body()).contains("filters=null,own ");
            assertThat(marina.get("/whole/lib").body()).startsWith("from the jar");
            damageClasses();
            assertThat(marina.get("/alone/lib").body()).as("in another JVM").startsWith("from the jar");
            assertThat(marina.get("/alone/state").body()).contains("found=" + FOUND);
        }
    }
}
