package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A port belongs to one application at a time, and for a while to none. */
class PortAllocatorTest {
    private static final int MANY = 2000;

    private final AtomicLong clock = new AtomicLong();
    private final PortAllocator ports = new PortAllocator(clock::get);

    @Test
    void neverGivesOnePortToTwo() throws Exception {
        Set<Integer> held = ConcurrentHashMap.newKeySet();
        List<Future<Boolean>> takers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int i = 0; i < 8; i++) {
                takers.add(threads.submit(() -> IntStream.range(0, 300).allMatch(turn -> held.add(ports.take()))));
            }
            for (Future<Boolean> taker : takers) {
                assertThat(taker.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void letsAPortRestBeforeItIsUsedAgain() {
        List<Integer> former = take(MANY);
        former.forEach(ports::release);

        clock.addAndGet(PortAllocator.REST.minus(Duration.ofSeconds(1)).toNanos());

        assertThat(take(MANY)).doesNotContainAnyElementsOf(former);
    }

    @Test
    void usesPortsAgainWhenTheyHaveRested() {
        // More than there are in the ephemeral range, 28,232 by default.
        for (int round = 0; round < 40; round++) {
            take(MANY / 2).forEach(ports::release);
            clock.addAndGet(PortAllocator.REST.toNanos());
        }
    }

    @Test
    void neverGivesAPortOnWhichSomethingOfTheFormerProcessStillListens() throws Exception {
        int port = ports.take();
        try (ServerSocket straggler = new ServerSocket()) {
            straggler.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            ports.release(port);
            clock.addAndGet(PortAllocator.REST.toNanos());

            assertThat(take(3 * MANY)).doesNotContain(port);
        }
    }

    private List<Integer> take(int count) {
        return IntStream.range(0, count).mapToObj(i -> ports.take()).toList();
    }
}
