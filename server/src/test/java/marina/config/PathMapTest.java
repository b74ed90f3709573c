package marina.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PathMapTest {
    private static final ContextPath A = new ContextPath("/a");
    private static final ContextPath B = new ContextPath("/b");
    private static final ContextPath C = new ContextPath("/c");

    @Test
    void isAsATreeOfTheSameChanges() {
        Random random = new Random(7);
        SortedMap<ContextPath, String> tree = new TreeMap<>();
        PathMap<String> map = PathMap.empty();
        for (int round = 0; round < 500; round++) {
            SortedMap<ContextPath, @Nullable String> changes = new TreeMap<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                ContextPath path = new ContextPath("/" + random.nextInt(60));
                changes.put(path, random.nextInt(3) == 0 ? null : "round " + round);
            }
            SortedMap<ContextPath, String> before = new TreeMap<>(tree);
            PathMap<String> next = map.with(changes);
            changes.forEach((path, value) -> tree.compute(path, (same, old) -> value));

            assertThat(map).as("what it was made from").isEqualTo(before);
            assertThat(next).isEqualTo(tree).hasSameHashCodeAs(tree).hasToString(tree.toString());
            assertThat(next.keySet()).containsExactlyElementsOf(tree.keySet());
            assertThat(next.values()).containsExactlyElementsOf(tree.values());
            assertThat(differences(map, next)).isEqualTo(differences(before, tree));
            map = next;
        }
    }

    private static List<String> differences(PathMap<String> one, PathMap<String> other) {
        List<String> found = new ArrayList<>();
        one.differences(other, (path, was, is) -> found.add(path + " " + was + " " + is));
        return found;
    }

    private static List<String> differences(SortedMap<ContextPath, String> one, SortedMap<ContextPath, String> other) {
        SortedMap<ContextPath, String> all = new TreeMap<>(one);
        all.putAll(other);
        return all.keySet().stream()
                .filter(path -> !Objects.equals(one.get(path), other.get(path)))
                .map(path -> path + " " + one.get(path) + " " + other.get(path))
                .toList();
    }

    @Test
    void findsPaths() {
        PathMap<String> map = PathMap.copyOf(Map.of(A, "1", C, "3"));

        assertThat(map.get(C)).isEqualTo("3");
        assertThat(map.get(B)).isNull();
        assertThat(map).containsKey(A).doesNotContainKey(B).hasSize(2);
    }

    @Test
    void neverChanges() {
        SortedMap<ContextPath, String> source = new TreeMap<>(Map.of(A, "1"));
        PathMap<String> map = PathMap.copyOf(source);
        source.put(B, "2");

        assertThat(map).containsOnlyKeys(A);
        assertThat(PathMap.copyOf(map)).isSameAs(map);
        assertThat(map.with(new TreeMap<>())).isSameAs(map);
        assertThatThrownBy(() -> map.put(B, "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.values().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(map.keySet()::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> PathMap.empty().entrySet().iterator().next())
                .isInstanceOf(NoSuchElementException.class);
    }
}
