package marina.simulator.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong with the file. Not thread-safe. */
final class Problems {

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(@Nullable Node at, String key, String what) {
        int[] place = {1, 1};
        if (at != null) {
            at.getStartMark().ifPresent(mark -> {
                place[0] = mark.getLine() + 1;
                place[1] = mark.getColumn() + 1;
            });
        }
        found.add(new Problem(place[0], place[1], (key.isEmpty() ? "" : key + ": ") + what));
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            found.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
            throw new FleetFileException(found.stream()
                    .map(problem -> file + ":" + problem.line() + ":" + problem.column() + ": " + problem.text())
                    .toList());
        }
    }

    private record Problem(int line, int column, String text) {}
}
