package marina.simulator.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import marina.simulator.machine.MachineState;
import marina.simulator.testing.World;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The REST API and the files of the page. */
class ControlTest {

    private static World world;

    @BeforeAll
    static void begin() {
        world = World.ofThree("control: 127.0.0.1:0");
    }

    @AfterAll
    static void end() {
        world.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        URI url = URI.create(world.simulator().control() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void machinesObey() throws Exception {
        assertThat(world.command("machines/m3/suspend", "")).isEqualTo(200);
        world.await("m3", MachineState.SUSPENDED);
        assertThat(get("/api/state").body()).contains("\"state\":\"suspended\"");
        assertThat(world.command("machines/m3/start", "{}")).isEqualTo(200);
        world.await("m3", MachineState.STARTED);
        assertThat(world.command("machines/m3/break", "")).isEqualTo(200);
        assertThat(world.get("/", "Sim-From", "nrt").machine()).isNotEqualTo("m3");
        assertThat(world.command("machines/m3/mend", "")).isEqualTo(200);
        assertThat(world.get("/", "Sim-From", "nrt").machine()).isEqualTo("m3");
    }

    @Test
    void whatCannotBeDoneIsExplained() {
        assertThat(world.command("machines/gone/stop", "")).isEqualTo(404);
        assertThat(world.command("machines/m1/dance", "")).isEqualTo(404);
        assertThat(world.command("dns", "{\"slow_ms\":\"soon\"}")).isEqualTo(400);
        assertThat(world.command("dns", "{\"mode\":\"odd\"}")).isEqualTo(400);
        assertThat(world.command("dns", "{")).isEqualTo(400);
    }

    @Test
    void eventsTellTheWayOfOneRequest() throws Exception {
        String id =
                world.get("/way", "x-plan", World.replay("m1", "region=nrt")).field("fly-request-id");
        Object[] events = (Object[])
                new JSON().fromJSON(get("/api/events?kind=hop&request=" + id).body());
        assertThat(events)
                .extracting(event -> String.valueOf(((Map<?, ?>) event).get("machine")))
                .containsExactly("m1", "m3");
        Object last = ((Map<?, ?>) events[1]).get("seq");
        assertThat(get("/api/events?kind=hop&request=" + id + "&after=" + last).body())
                .isEqualTo("[]");
        assertThat(world.log().lines()).allMatch(line -> new JSON().fromJSON(line) instanceof Map);
    }

    @Test
    void thePageIsServedAndMayRunNothingButItsOwnScripts() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.body()).contains("<script type=\"module\" src=\"page.js\">");
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .startsWith("default-src 'self'");
        assertThat(get("/page.js").headers().firstValue("content-type").orElse(""))
                .startsWith("text/javascript");
        assertThat(get("/map.js").statusCode()).isEqualTo(200);
        assertThat(get("/land.js").statusCode()).isEqualTo(200);
        assertThat(get("/page.css").statusCode()).isEqualTo(200);
        assertThat(get("/icon.svg").statusCode()).isEqualTo(200);
        assertThat(get("/gone").statusCode()).isEqualTo(404);
    }

    @Test
    void pagesOfOtherSitesCannotPressTheButtons() throws IOException {
        assertThat(raw("Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n")).contains(" 403 ");
        assertThat(raw("Host: evil.example\r\nOrigin: http://evil.example\r\n")).contains(" 403 ");
        assertThat(world.machine("m1").state()).isEqualTo(MachineState.STARTED);
    }

    private static String raw(String fields) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), world.simulator().control().getPort())) {
            String request = "POST /api/machines/m1/stop HTTP/1.1\r\n" + fields
                    + "Content-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
