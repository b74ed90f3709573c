package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.DnsUnderTest.Fault;
import marina.testing.FleetBed;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine on Fly does while nobody tells it who lives. */
class DeadDnsTest {
    @TempDir
    private Path base;

    @Test
    void whenDnsIsDeadRequestsAreReplayedAllTheSame() throws IOException {
        try (FleetBed other = new FleetBed(base)) {
            other.dns().fail(Fault.SILENT);
            MarinaUnderTest.write(base.resolve("m1-0"), "site/index.html", "");
            MarinaUnderTest alone = other.onFly(
                    "m1",
                    "ewr",
                    """
                    fleet: { dns: { server: "DNS", timeout: 300ms }, form: json }
                    contexts:
                      /syd: { files: site, region: syd }
                    """);
            HttpResponse<String> answer = alone.get("/syd/");

            assertThat(answer.statusCode()).isEqualTo(307);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.fly.replay+json");
            assertThat(answer.headers().firstValue("fly-replay")).isEmpty();
            assertThat(answer.body())
                    .matches("\\{\"region\":\"syd\",\"state\":\"[A-Za-z0-9_-]+\",\"timeout\":\"60s\","
                            + "\"fallback\":\"force_self\"}");
            assertThat(FleetBed.count(alone, "Unknown")).isEqualTo(1);
        }
    }
}
