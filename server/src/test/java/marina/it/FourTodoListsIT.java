package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story that the shipped configuration tells: one application, four lists, four databases. */
class FourTodoListsIT {
    private static final List<String> LISTS = List.of("/sam/list1", "/sam/list2", "/sally/list1", "/sally/list2");

    @TempDir
    private Path base;

    @Test
    void eachListKeepsItsOwnItemsInItsOwnPlaceAndThroughARestart() throws IOException {
        try (HomeUnderTest home = HomeUnderTest.at(base, "")) {
            home.write("conf/server.yml", shippedConfiguration());
            Files.createDirectories(home.path("webapps"));
            for (String war : List.of("todo.war", "ROOT.war")) {
                Files.copy(HomeUnderTest.home().resolve("webapps").resolve(war), home.path("webapps/" + war));
            }
            assertThat(home.start().out().lines().toList())
                    .hasSize(6)
                    .anyMatch(line -> line.matches("  " + home.uri("/sam/list1/") + " +war"))
                    .anyMatch(line -> line.matches("  " + home.uri("/sally/list2/") + " +war \\(own process\\)"));
            assertThat(pids(home)).containsEntry("/sally/list1", 0L).containsEntry("/sally/list2", 0L);

            for (String list : LISTS) {
                home.browser().awaitStatus(list + "/", 200); // a slow machine shows the waiting page first
                assertThat(home.browser()
                                .post(list + "/items", "text", "item of " + list)
                                .statusCode())
                        .isEqualTo(303);
            }
            assertThatNoListShowsAnothers(home);

            Map<String, Long> pids = pids(home);
            assertThat(List.of(
                            home.pid(),
                            Objects.requireNonNull(pids.get("/sally/list1")),
                            Objects.requireNonNull(pids.get("/sally/list2"))))
                    .doesNotHaveDuplicates()
                    .allMatch(Processes::isAlive);
            home.browser().awaitStatus("/", 200);
            assertThat(home.browser().body("/")).contains(LISTS);

            home.stop();
            assertThat(home.processes()).isEmpty();
            home.start();
            assertThatNoListShowsAnothers(home);
        }
    }

    private static String shippedConfiguration() throws IOException {
        String shipped = Files.readString(HomeUnderTest.home().resolve("conf/server.yml"));
        assertThat(shipped).contains("\nlisten: 8080\n");
        return shipped.replace("\nlisten: 8080\n", "\n" + HomeUnderTest.LISTEN);
    }

    private static void assertThatNoListShowsAnothers(HomeUnderTest home) {
        for (String list : LISTS) {
            home.browser().awaitStatus(list + "/", 200);
            String page = home.browser().body(list + "/");
            for (String other : LISTS) {
                assertThat(page.contains("item of " + other))
                        .as("%s shows the item of %s", list, other)
                        .isEqualTo(other.equals(list));
            }
        }
    }

    private static Map<String, Long> pids(HomeUnderTest home) {
        Map<String, Long> pids = new TreeMap<>();
        String json = home.marina("contexts", "--json").exits(0).out();
        Arrays.stream((Object[]) new JSON().fromJSON(json))
                .map(one -> (Map<?, ?>) one)
                .forEach(context -> {
                    Object pid = Objects.requireNonNull(context.get("pid"));
                    pids.put(String.valueOf(context.get("path")), ((Number) pid).longValue());
                });
        return pids;
    }
}
