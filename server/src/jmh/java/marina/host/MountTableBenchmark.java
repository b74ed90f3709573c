package marina.host;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import marina.config.ContextPath;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The context of a path, among few and many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MountTableBenchmark {
    /** How many contexts are mounted. */
    @Param({"1", "370", "10000"})
    public int contexts;

    private MountTable<Integer> table = new MountTable<>(Map.of());
    private String last = "";

    /** {@code /REGION/EVENT}, with {@code /} below all. */
    @Setup
    public void mount() {
        Map<ContextPath, Integer> mounts = new LinkedHashMap<>();
        mounts.put(ContextPath.ROOT, 0);
        for (int i = 1; i < contexts; i++) {
            last = "/region" + i % 37 + "/event" + i;
            mounts.put(new ContextPath(last), i);
        }
        table = new MountTable<>(mounts);
        last += "/students/17/edit";
    }

    /** The last one of them. */
    @Benchmark
    public @Nullable Integer last() {
        return table.find(last);
    }

    /** Only {@code /} takes it. */
    @Benchmark
    public @Nullable Integer none() {
        return table.find("/elsewhere/students/17/edit");
    }
}
