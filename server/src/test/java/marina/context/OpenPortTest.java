package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Ports that other machines can reach are reported, with what the operator needs to find the program. */
class OpenPortTest {
    private static final String APP =
            """
            const server = () => require('node:http').createServer((q, r) => r.end('ok'));
            server().listen(Number(process.argv[2]), process.argv[3]);
            server().listen(0, process.argv[4]);
            """;

    @TempDir
    private Path base;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("marina.backend");

    @BeforeEach
    void listen() {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "only Linux tells who listens");
        log.start();
        logger.addAppender(log);
        MarinaUnderTest.write(base, "app.js", APP);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
    }

    @Test
    void warnsOnceOfAPortThatTheApplicationOpensByItself() {
        try (MarinaUnderTest marina = start("127.0.0.1", "0.0.0.0")) {
            assertThat(marina.get("/shop/").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20)).until(() -> !warnings().isEmpty());

            assertThat(warnings()).singleElement().satisfies(line -> assertThat(line)
                    .matches("conf/server.yml:3:3: context /shop: its command"
                            + " \"node app.js \\$\\{port} 127.0.0.1 0.0.0.0 \\$\\{CLASSES}\" listens on 0.0.0.0:\\d+, which"
                            + " other machines can reach; bind it to 127.0.0.1"));
        }
    }

    @Test
    void warnsWhenItListensOnItsOwnPortForEverybody() {
        try (MarinaUnderTest marina = start("0.0.0.0", "127.0.0.1")) {
            assertThat(marina.get("/shop/").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20)).until(() -> !warnings().isEmpty());

            String port = marina.status("/shop").backend().address().substring("127.0.0.1:".length());
            assertThat(warnings())
                    .singleElement()
                    .asString()
                    .contains("listens on 0.0.0.0:" + port + " (${port}), which other machines can reach");
        }
    }

    private MarinaUnderTest start(String own, String other) {
        return MarinaUnderTest.start(
                base,
                """
                contexts:
                  /shop: { command: "node app.js ${port} %s %s ${CLASSES}" }
                """
                        .formatted(own, other));
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("other machines"))
                .toList();
    }
}
