package marina.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import marina.config.ContextPath;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which context a path belongs to. */
class MountTableTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/other, /",
        "/sam, /sam",
        "/sam/, /sam",
        "/sam/list1, /sam/list1",
        "/sam/list1/, /sam/list1",
        "/sam/list1/items/7, /sam/list1",
        "/sam/list12, /sam",
        "/sam/list, /sam",
        "/sam/LIST1, /sam",
        "/samantha, /",
        "/sam/list2/deep/er, /sam/list2/deep",
        "/sam/list2/deeper, /sam",
        "/ü/ß, /ü",
    })
    void theLongestPrefixOfWholeSegmentsTakesThePath(String path, String expected) {
        MountTable<String> table = table("/", "/sam", "/sam/list1", "/sam/list2/deep", "/ü");

        assertThat(table.find(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/", "/sally", "/sam/list", "/sa"})
    void withoutARootContextNothingTakesWhatIsNotMounted(String path) {
        assertThat(table("/sam/list1").find(path)).isNull();
    }

    @Test
    void agreesWithALinearSearchOverManyRandomPaths() {
        Random random = new Random(7);
        String[] paths = IntStream.range(0, 5_000)
                .mapToObj(i -> randomPath(random))
                .distinct()
                .toArray(String[]::new);
        MountTable<String> table = table(paths);

        for (int i = 0; i < 5_000; i++) {
            String path = randomPath(random) + (random.nextBoolean() ? "" : "/x");
            assertThat(table.find(path)).as(path).isEqualTo(longestPrefix(paths, path));
        }
    }

    @Test
    void aTableMadeFromAnotherIsAsOneMadeAnewAndLeavesThatAsItIs() {
        Random random = new Random(11);
        SortedMap<ContextPath, String> mounts = new TreeMap<>();
        MountTable<String> table = new MountTable<>(mounts);
        for (int change = 0; change < 200; change++) {
            SortedMap<ContextPath, String> next = new TreeMap<>(mounts);
            SortedMap<ContextPath, @Nullable String> changes = new TreeMap<>();
            for (int i = random.nextInt(change % 50 == 0 ? 100 : 3); i >= 0; i--) {
                ContextPath path = new ContextPath(random.nextInt(50) == 0 ? "/" : randomPath(random));
                next.put(path, path.value() + " " + change);
                changes.put(path, next.get(path));
            }
            if (random.nextInt(5) == 0 && !mounts.isEmpty()) {
                next.remove(mounts.firstKey());
                changes.put(mounts.firstKey(), null);
            }
            MountTable<String> made = table.with(changes);

            assertThat(made.mounts()).isEqualTo(next);

            for (int i = 0; i < 10; i++) {
                String path = randomPath(random);
                assertThat(made.find(path)).as(path).isEqualTo(new MountTable<>(Map.copyOf(next)).find(path));
                assertThat(table.find(path)).as(path).isEqualTo(new MountTable<>(Map.copyOf(mounts)).find(path));
            }
            table = made;
            mounts = next;
        }
    }

    private static String randomPath(Random random) {
        return random.ints(1 + random.nextInt(4), 0, 30)
                .mapToObj(i -> "/" + Integer.toString(i * 7919, 36))
                .collect(Collectors.joining());
    }

    private static @Nullable String longestPrefix(String[] paths, String path) {
        return Arrays.stream(paths)
                .filter(mount -> path.equals(mount) || path.startsWith(mount + "/"))
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .orElse(null);
    }

    private static MountTable<String> table(String... paths) {
        return new MountTable<>(Arrays.stream(paths).collect(Collectors.toMap(ContextPath::new, path -> path)));
    }

    @Test
    void anEmptyTableTakesNothing() {
        assertThat(new MountTable<>(Map.of()).find("/")).isNull();
    }
}
