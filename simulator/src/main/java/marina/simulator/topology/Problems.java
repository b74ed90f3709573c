package marina.simulator.topology;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong with the file. Not thread-safe. */
final class Problems {

    private final String file;
    private final List<String> lines = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(@Nullable Node at, String key, String what) {
        String place = at == null
                ? "1:1"
                : at.getStartMark()
                        .map(mark -> (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                        .orElse("1:1");
        lines.add(file + ":" + place + ": " + (key.isEmpty() ? "" : key + ": ") + what);
    }

    void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new FleetFileException(lines);
        }
    }
}
