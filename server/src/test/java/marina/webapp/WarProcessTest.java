package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
import marina.config.FileStamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarProcessTest {
    /** Stands for {@code Main}, which has the same few lines. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            System.exit(WarProcess.run(List.of(arguments), System.getenv()));
        }
    }

    private static final String CLIENT =
            """
            package app;
            import java.io.*;
            import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
            @WebServlet("/client")
            public class Client extends HttpServlet {
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    a.getWriter().print(q.getRequestURL() + " for " + q.getRemoteAddr());
                }
            }
            """;

    @TempDir
    Path base;

    @Test
    void answersLikeAHostedWarAndEndsOnSigtermWithZero() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.Settings", ThreeWaysToSettingsTest.SERVLET)
                .type("app.Client", CLIENT)
                .pack("app.war");
        int port = freePort();
        Process process = launch(archive, "/sally/list1", port);
        try {
            String root = "http://127.0.0.1:" + port + "/sally/list1";
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> get(root + "/settings")
                    .contains("count"));
            assertThat(get(root + "/settings"))
                    .startsWith("jndi=Hello,sqlite:data/own.db init=Hello,sqlite:data/own.db visits=/sally/list1");
            assertThat(get(root + "/client")).isEqualTo("https://example.com/sally/list1/client for 192.0.2.7");
            assertThat(base.resolve("data/own.db")).exists();

            process.destroy();

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(log()).isZero();
            assertThat(base.resolve("data/own.db-wal")).doesNotExist();
            assertThat(HostUnderTest.below(base.resolve("work/temp"), 2)).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void processesAndThreadsUnpackOneArchiveAtOnce() throws Exception {
        TestWar files = new TestWar(EeLevel.EE10, base);
        for (int i = 0; i < 300; i++) {
            files.file("f" + i + ".txt", String.valueOf(i).repeat(1000));
        }
        Path archive = files.file("last.txt", "last").pack("many.war");
        int first = freePort();
        int second = freePort();
        Process one = launch(archive, "/m", first);
        Process two = launch(archive, "/m", second);
        try {
            WarStore store = new WarStore(new WorkFolder(base.resolve("work")));
            List<CompletableFuture<Path>> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        return store.use(archive, FileStamp.of(archive))
                                .folder()
                                .resolve("last.txt");
                    } catch (WarFailedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            for (CompletableFuture<Path> thread : threads) {
                assertThat(thread.get(20, TimeUnit.SECONDS)).hasContent("last");
            }
            for (int port : List.of(first, second)) {
                await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> get("http://127.0.0.1:" + port
                                + "/m/last.txt")
                        .equals("last"));
            }
            assertThat(HostUnderTest.below(base.resolve("work/wars"), 1)).hasSize(1);
        } finally {
            one.destroyForcibly().waitFor();
            two.destroyForcibly().waitFor();
        }
    }

    @Test
    void endsWithOneAndTheReasonWhenTheWarIsNone() throws Exception {
        Path archive = Files.writeString(base.resolve("broken.war"), "no zip");
        Process process = launch(archive, "/", freePort());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(log()).contains("broken.war is not a readable archive");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --ee ee12    | --ee "ee12" is not one of [auto, ee8, ee9, ee10, ee11]
                    --listen x     | --listen "x" is not a number from 1 to 65535
                    --listen 70000 | --listen "70000" is not a number from 1 to 65535
                    --pool 0     | --pool "0" is not a number from 1 to 1000
                    --path a/    | --path "a/" is no context path
                    --entry      | --entry needs a value
                    --wars x     | "--wars" is not one of --war, --path
                    """)
    void badArgumentsEndWithTwoAndSayWhat(String bad, String message) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--war",
                "a.war",
                "--path",
                "/a",
                "--listen",
                "1",
                "--ee",
                "Auto",
                "--base",
                "b",
                "--home",
                "h",
                "--pool",
                "1",
                "--jndi",
                "jdbc/default",
                "--sessions",
                "file"));
        arguments.addAll(List.of(bad.split(" ")));
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            assertThat(WarProcess.run(arguments, Map.of())).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("Cannot run a WAR: " + message);
    }

    @Test
    void argumentsHoldNoSecrets() {
        WarSettings settings = new WarSettings(
                "/a",
                base.resolve("a.war"),
                EeLevel.AUTO,
                Map.of("TOKEN", "secret"),
                new DatabaseConfig("postgres://u:secret@h/d", 3, "jdbc/default"),
                base);
        assertThat(WarProcess.arguments(settings, "/home", "${port}"))
                .contains("--listen", "${port}", "--entry", "TOKEN")
                .noneMatch(argument -> argument.contains("secret"));
    }

    private Process launch(Path archive, String path, int port) throws IOException {
        WarSettings settings = new WarSettings(
                path,
                archive,
                EeLevel.AUTO,
                Map.of("GREETING", "Hello"),
                new DatabaseConfig("", 4, "jdbc/default"),
                base);
        String home = String.valueOf(TestWar.LIB.toAbsolutePath().getParent());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName()));
        command.addAll(WarProcess.arguments(settings, home, String.valueOf(port)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("log").toFile());
        builder.environment().put("GREETING", "Hello");
        builder.environment().put("DATABASE_URL", "sqlite:data/own.db");
        return builder.start();
    }

    private String log() throws IOException {
        return Files.readString(base.resolve("log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("X-Forwarded-For", "192.0.2.7")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "example.com")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
