package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;

/** What {@code marina.sh contexts} prints of what Marina has answered. */
class ContextTableTest {

    private static List<List<String>> table(String json) {
        return ControlStatus.contextTable(
                new ControlClient.Answer(200, new JSON().fromJSON("{\"items\":" + json + "}")));
    }

    private static String row(String name, String version, int sessions) {
        return """
                {"path":"/shop","name":"%s","version":"%s","sessions":%d,"description":"war","url":"http://h/shop/",
                 "state":"ready","pid":0,"requests":4,"instances":1,"ready_instances":1,"reason":"","backup_failure":""}
                """
                .formatted(name, version, sessions);
    }

    @Test
    void versionsAreCalledWhatARestartTakesAndSayHowManySessionsTheyHave() {
        String json = "[" + row("/shop", "2", 12) + "," + row("/shop##1", "1", 1) + "," + row("/shop##", "", -1) + "]";
        assertThat(table(json).subList(1, 4))
                .extracting(row -> row.get(1))
                .containsExactly(
                        "war, /shop##2, 12 sessions", "war, /shop##1, 1 session", "war, /shop##, sessions unknown");
    }

    @Test
    void aWarThatIsTheOnlyOneHasNoVersion() {
        assertThat(table("[" + row("/shop", "", -1) + "]").get(1)).contains("war");
    }
}
