package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import marina.config.EeLevel;
import marina.testing.MachinesApi;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An open WebSocket of a WAR in Marina's JVM is a use of the machine, though no request is in flight. */
class WebSocketKeepsAwakeTest {
    private static final String ENDPOINT =
            """
            package app;
            import $API.websocket.*; import $API.websocket.server.ServerEndpoint;
            @ServerEndpoint("/echo")
            public class Echo {
                @OnMessage public String echo(String text) { return "echo " + text; }
            }
            """;

    @TempDir
    private Path base;

    @Test
    void theMachineSleepsAfterItsEnd() throws Exception {
        Files.createDirectories(base.resolve("webapps"));
        Path war = new TestWar(EeLevel.EE10, base)
                .file("WEB-INF/web.xml", ThreeWaysToSettingsTest.webXml(EeLevel.EE10))
                .type("app.Do", TestWar.servlet(""))
                .type("app.Echo", ENDPOINT)
                .pack("w.war");
        Files.move(war, base.resolve("webapps/w.war"));
        String idle = "idle: { action: suspend, timeout: 2s }\nfleet: { api: run/api.sock }\n";
        Map<String, String> fly = Map.of("FLY_APP_NAME", "showcase", "FLY_MACHINE_ID", "m1");
        try (MachinesApi api = new MachinesApi(base.resolve("run/api.sock"));
                MarinaUnderTest marina = MarinaUnderTest.start(base, idle, fly)) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create(marina.uri("/w/echo").toString().replace("http:", "ws:")),
                            new WebSocket.Listener() {})
                    .get(30, TimeUnit.SECONDS);
            int before = api.calls().size(); // it may have slept before
            await().during(Duration.ofSeconds(4)).until(() -> api.calls().size() == before);

            socket.sendClose(1000, "").get(10, TimeUnit.SECONDS);

            await("a sleep")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> api.calls().size() > before);
            assertThat(marina.status("/w").state()).isEqualTo("stopped");
        }
    }
}
