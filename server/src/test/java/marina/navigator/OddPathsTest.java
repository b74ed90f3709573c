package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file for Navigator: tenants at paths that nobody would choose. */
class OddPathsTest {
    private static final String LONG = "x".repeat(1000);

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() {
        String tenant = "    - {path: '/%s/', framework: node, env: {RAILS_APP_DB: here}}\n";
        StringBuilder tenants = new StringBuilder();
        for (String name : new String[] {"a#b", "50%", "a b", "[x]", "!@$^&*()", "café", "日本", "a%20b", LONG}) {
            tenants.append(tenant.formatted(name));
        }
        marina = new NavigatorBed(base)
                .navigator("server: {listen: LISTEN}\napplications:\n" + NavigatorBed.NODE + "  tenants:\n" + tenants)
                .start();
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#b", "50%", "a b", "[x]", "!@$^&*()", "café", "日本", "a%20b"})
    void isReachedAtItsPathAsBrowsersWriteIt(String name) {
        String path = "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20") + "/x";
        String answer = RawClient.get(marina.uri("/"), path);
        assertThat(RawClient.status(answer)).isEqualTo(200);
        assertThat(answer).contains("\"database\":\"here\"").contains("\"path\":\"" + path + "\"");
        assertThat(RawClient.status(RawClient.get(marina.uri("/"), path.replace("/x", "y/x"))))
                .isEqualTo(404);
    }

    @Test
    void mayBeVeryLong() {
        assertThat(marina.get("/" + LONG + "/x").body()).contains("\"database\":\"here\"");
    }
}
