package marina.valve;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import marina.config.Regex;
import marina.config.RouteAction;
import marina.config.RouteConfig;
import marina.config.Template;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The first of many routes that fits a path. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteTableBenchmark {
    private static final int ROUTES = 130;

    /** Whether all patterns begin with a text, or some of them could be anywhere. */
    @Param({"anchored", "mixed"})
    public String patterns = "";

    private RouteTable table = new RouteTable(List.of());

    /** Such as a server of many events has. */
    @Setup
    public void compile() {
        List<RouteConfig> routes = new ArrayList<>();
        for (int i = 0; i < ROUTES; i++) {
            String pattern =
                    switch (i % 5) {
                        case 0 -> "^/old" + i + "/(.*)$";
                        case 1 -> "^/(2024|2025)/event" + i + "/?$";
                        case 2 -> "^/event" + i + "/(\\d+)/print$";
                        case 3 -> patterns.equals("mixed") ? "/archive" + i + "\\.(zip|tar)$" : "^/archive" + i + "$";
                        default -> "^/moved" + i + "$";
                    };
            RouteAction action = new RouteAction.Rewrite(Template.literal("/new"));
            routes.add(new RouteConfig(Regex.compile(pattern), Set.of(), action));
        }
        table = new RouteTable(routes);
        if (last() == null || none() != null) {
            throw new IllegalStateException("the patterns do not do what their benchmarks say");
        }
    }

    /** All are passed over. */
    @Benchmark
    public @Nullable RouteMatch none() {
        return table.first("GET", "/2026/boston/students/17/edit", 0);
    }

    /** The last of them fits. */
    @Benchmark
    public @Nullable RouteMatch last() {
        return table.first("GET", "/moved" + (ROUTES - 1), 0);
    }
}
