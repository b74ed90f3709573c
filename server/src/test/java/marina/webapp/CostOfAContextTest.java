package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import marina.config.EeLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures what each further running context of an archive costs, with and without shared classes; prints the table of
 * docs/webapps.md. Not a part of the build: {@code mvn -pl server test -Dtest=CostOfAContextTest -Dmarina.cost=10} for ten contexts of
 * a small WAR, and {@code -Dmarina.cost.wars=a.war,b.war} for others.
 */
@EnabledIfSystemProperty(named = "marina.cost", matches = "[1-9][0-9]*")
class CostOfAContextTest {
    private static final int COLLECTIONS = 4;

    @TempDir
    Path base;

    @Test
    void measure() throws Exception {
        int contexts = Integer.getInteger("marina.cost");
        List<Path> archives = new ArrayList<>();
        String named = System.getProperty("marina.cost.wars", "");
        if (named.isEmpty()) {
            archives.add(new TestWar(EeLevel.EE10, base)
                    .type("app.Do", servlet("a.getWriter().print(\"done\");"))
                    .file("WEB-INF/web.xml", ThreeWaysToSettingsTest.webXml(EeLevel.EE10))
                    .pack("small.war"));
        } else {
            Stream.of(named.split(",", -1)).map(Path::of).forEach(archives::add);
        }
        for (Path archive : archives) {
            for (boolean shared : new boolean[] {false, true}) {
                try (HostUnderTest host = new HostUnderTest(base)) {
                    System.out.println(archive.getFileName()
                            + (shared ? " shared: " : " plain: ")
                            + measure(host, archive, contexts, shared));
                }
            }
        }
    }

    private static String measure(HostUnderTest host, Path archive, int contexts, boolean shared) throws Exception {
        long begin = System.nanoTime();
        start(host, "/first", archive, shared);
        long first = System.nanoTime() - begin;
        start(host, "/second", archive, shared);
        long before = bytes();
        begin = System.nanoTime();
        for (int i = 0; i < contexts; i++) {
            start(host, "/c" + i, archive, shared);
        }
        long each = (System.nanoTime() - begin) / contexts;
        long memory = (bytes() - before) / contexts;
        assertThat(memory).isPositive();
        return "first %d ms, each further one %d ms and %.2f MB"
                .formatted(first / 1_000_000, each / 1_000_000, memory / (double) (1 << 20));
    }

    private static void start(HostUnderTest host, String path, Path archive, boolean shared) throws Exception {
        WarSettings settings = host.settings(path, archive);
        host.start(shared ? settings.withSharedClasses() : settings);
        host.get(path + "/do");
    }

    /** Heap in use, and what classes need. */
    private static long bytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        long bytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getName().contains("Metaspace")) {
                bytes += pool.getUsage().getUsed();
            }
        }
        return bytes;
    }
}
