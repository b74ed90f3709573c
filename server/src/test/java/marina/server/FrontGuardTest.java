package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.config.TrafficLimits.Rate;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked after every second is looked after for as long as the server runs. */
class FrontGuardTest {
    @TempDir
    private Path base;

    @Test
    void anErrorInOneLookEndsNeitherTheOthersNorTheNext() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        AtomicInteger errors = new AtomicInteger();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        MarinaUnderTest.write(base, "conf/server.yml", "contexts: {}\n");
        ServerConfig config =
                new ConfigLoader(new Directories(base, base), Map.of()).load(base.resolve("conf/server.yml"));
        try {
            FrontGuard guard = new FrontGuard(
                    () -> {
                        if (broken.get()) {
                            errors.incrementAndGet();
                            throw new NoClassDefFoundError("a class that a damaged file had");
                        }
                        return config;
                    },
                    () -> null);
            Rate rate = new Rate(1, Duration.ofMillis(100), 1);
            guard.rates().take(InetAddress.getLoopbackAddress(), rate);
            assertThat(guard.rates().clients()).isEqualTo(1);
            broken.set(true);

            guard.watch(List::of, scheduler);

            await().until(() -> guard.rates().clients() == 0);
            await().until(() -> errors.get() >= 2);
        } finally {
            scheduler.shutdownNow();
        }
    }
}
