package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import marina.testing.RawClient;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Those who follow the events see requests come, and that none come any more. */
class ConsoleRatesTest {

    @Test
    @Timeout(60)
    void aRateGoesBackToNothing(@TempDir Path base) throws Exception {
        try (AdminBed bed = new AdminBed(base, "contexts: { /a: { files: conf } }\n");
                RawClient events = new RawClient(bed.uri("/"))) {
            events.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                    + AdminBed.basic("sam", AdminBed.PASSWORD) + "\r\n\r\n");
            BufferedReader lines = new BufferedReader(new InputStreamReader(events.input(), StandardCharsets.UTF_8));
            for (int i = 0; i < 20; i++) {
                bed.marina().get("/a/server.yml");
            }
            double rate = rateOfNextRow(lines);
            assertThat(rate).isPositive();
            while (rate > 0) {
                rate = rateOfNextRow(lines);
            }
            assertThat(rate).isZero();
        }
    }

    private static double rateOfNextRow(BufferedReader lines) throws Exception {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: [{")) {
                Object[] rows = (Object[]) new JSON().fromJSON(line.substring("data: ".length()));
                return Double.parseDouble(String.valueOf(((Map<?, ?>) rows[0]).get("per_second")));
            }
        }
        throw new AssertionError("the events have ended");
    }
}
