package marina.navigator;

import java.util.Optional;
import marina.config.Value;

/** {@code cable}: the one place that knows how it is written in Marina's own form. Used by one thread. */
final class CablePart {
    private final Report report;

    CablePart(Report report) {
        this.report = report;
    }

    /** Reads it. */
    void put(Written file) {
        Written cable = file.section("cable");
        boolean enabled = cable.flag("enabled", true);
        Optional<Value.Scalar> path = cable.text("path");
        cable.text("broadcast_path");
        cable.finish();
        if (enabled) {
            path.ifPresent(value -> report.warn(value, "is not supported yet: there is no cable"));
        }
    }
}
