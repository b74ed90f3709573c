package marina.webapp;

import static marina.webapp.VersionedShop.awaitOlder;
import static marina.webapp.VersionedShop.older;
import static marina.webapp.VersionedShop.reload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ObjectName;
import marina.testing.ClientLoad;
import marina.testing.MarinaUnderTest;
import marina.webapp.VersionedShop.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version after version, while people use the application. */
class ParallelVersionsUnderLoadTest {
    private static final int VERSIONS = 20;

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private VersionedShop shop;

    private final ExecutorService people = Executors.newCachedThreadPool();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() throws Exception {
        shop = new VersionedShop(base);
    }

    @AfterEach
    void stop() throws Exception {
        closed.set(true);
        people.shutdown();
        people.awaitTermination(30, TimeUnit.SECONDS);
        shop.close();
    }

    /** Logs in, and asks again and again for what must never change. */
    private AtomicLong customer(MarinaUnderTest marina, String name) throws Exception {
        Visitor visitor = new Visitor();
        String mine = visitor.ask(marina, "?user=" + name);
        assertThat(mine).endsWith(" " + name);
        AtomicLong answers = new AtomicLong();
        people.execute(() -> {
            while (!closed.get()) {
                String answer = ask(marina, visitor);
                answers.incrementAndGet();
                if (!answer.equals(mine)) {
                    surprises.add(name + " had \"" + mine + "\" and got \"" + answer + "\"");
                }
            }
        });
        return answers;
    }

    private static String ask(MarinaUnderTest marina, Visitor visitor) {
        try {
            return visitor.ask(marina, "");
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void nobodyNoticesANewVersion() throws Exception {
        shop.put("shop.war", "v0");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "defaults: { page_after: 30s }")) {
            List<AtomicLong> customers = new ArrayList<>();
            customers.add(customer(marina, "c0"));
            ClientLoad passersBy = ClientLoad.on(marina, "/shop/do", 4);
            for (int i = 1; i <= 3; i++) {
                String version = "v" + i;
                shop.put("shop##" + i + ".war", version);
                assertThat(reload(marina).succeeded()).isTrue();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> passersBy.bodies().contains(version + " null"));
                customers.add(customer(marina, "c" + i));
                assertThat(older(marina)).hasSize(i);
            }
            for (AtomicLong answers : customers) {
                long soFar = answers.get();
                await().atMost(Duration.ofSeconds(20)).until(() -> answers.get() > soFar + 20);
            }
            assertThat(passersBy.stop()).as("requests that failed").isEmpty();
            closed.set(true);
            people.shutdown();
            assertThat(people.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            assertThat(surprises).isEmpty();
            assertThat(passersBy.bodies()).contains("v0 null", "v1 null", "v2 null", "v3 null");
        }
    }

    @Test
    void versionsThatHaveLeftLeaveNothingBehind() throws Exception {
        shop.put("shop##0.war", "v0");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "defaults: { page_after: 30s }")) {
            Visitor visitor = new Visitor();
            visitor.ask(marina, "?user=anna");
            long threads = 0;
            for (int i = 1; i <= VERSIONS; i++) {
                shop.put("shop##" + i + ".war", "v" + i);
                assertThat(reload(marina).succeeded()).isTrue();
                assertThat(visitor.ask(marina, "?end")).isEqualTo("v" + (i - 1) + " anna");
                assertThat(visitor.ask(marina, "?user=anna")).isEqualTo("v" + i + " anna");
                if (i == 5) {
                    awaitOlder(marina);
                    threads = threads();
                }
            }
            awaitOlder(marina);
            long before = threads;
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat((String[]) marina.mbeans()
                                .invoke(
                                        new ObjectName("marina:type=Server"),
                                        "findLeaks",
                                        new Object[0],
                                        new String[0]))
                        .isEmpty();
                assertThat(shop.generationsInMemory()).isEqualTo(1);
                assertThat(threads()).isLessThanOrEqualTo(before);
                assertThat(marina.mbeans().queryNames(new ObjectName("marina:type=Context,*"), null))
                        .hasSize(1);
                assertThat(marina.mbeans().queryNames(new ObjectName("marina:type=Pool,*"), null))
                        .hasSize(1);
            });
            assertThat(visitor.ask(marina, "")).isEqualTo("v" + VERSIONS + " anna");
        }
    }

    /** Apart from those of pools, which come and go. */
    private static long threads() {
        List<String> pools =
                List.of("marina-http", "marina-worker", "HttpClient", "ForkJoinPool", "Attach Listener", "awaitility");
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> pools.stream().noneMatch(thread.getName()::startsWith))
                .count();
    }
}
