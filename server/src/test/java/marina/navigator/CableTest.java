package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import marina.testing.CableClient;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file of Navigator says of the cable. */
class CableTest {
    private static final String TENANTS =
            """
            server: { listen: LISTEN }
            %s
            applications:
            %s  tenants: [ { path: /sam/list1 } ]
            """;

    @TempDir
    Path base;

    private MarinaUnderTest start(String cable) {
        return new NavigatorBed(base)
                .navigator(TENANTS.formatted(cable, NavigatorBed.NODE))
                .start();
    }

    @Test
    void isThereWithoutAWord() {
        try (MarinaUnderTest marina = start("");
                CableClient client = CableClient.open(marina.uri(""), "/cable").subscribe("news")) {
            assertThat(marina.post("/_broadcast", "{\"stream\":\"news\",\"data\":1}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(client.next()).isEqualTo("{\"type\":\"message\",\"stream\":\"news\",\"data\":1}");
        }
    }

    @Test
    void takesItsPathsBelowThePrefixOfAll() {
        String cable = "cable: { path: /showcase/regions/iad/cable, broadcast_path: /internal/broadcast }";
        try (MarinaUnderTest marina = start(cable);
                CableClient client = CableClient.open(marina.uri(""), "/showcase/regions/iad/cable")
                        .subscribe("news")) {
            assertThat(marina.post("/internal/broadcast", "{\"stream\":\"news\",\"data\":1}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(client.next()).contains("\"data\":1");
        }
    }

    @Test
    void isNotThereWhenSwitchedOff() {
        try (MarinaUnderTest marina = start("cable: { enabled: false }")) {
            assertThatThrownBy(() -> CableClient.open(marina.uri(""), "/cable")).isInstanceOf(RuntimeException.class);
            assertThat(marina.post("/_broadcast", "{\"stream\":\"news\",\"data\":1}")
                            .statusCode())
                    .isEqualTo(404);
        }
    }
}
