package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadingTest {
    @TempDir
    Path base;

    @Test
    void saysThatTheServerFileIsMissing() {
        assertThat(new Instance(base).problems())
                .isEqualTo("conf/server.yml: does not exist;"
                        + " create it, an empty file will do, or name another one with -c");
    }

    @Test
    void pointsToTheFirstByteThatIsNotUtf8() throws IOException {
        Instance instance = new Instance(base).server("");
        Files.write(instance.path("conf/server.yml"), "listen: 8080\n# Köln\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(instance.problems())
                .isEqualTo("conf/server.yml:2:4: is not UTF-8 text from here on; save the file as UTF-8");
    }

    @Test
    void ignoresAByteOrderMark() {
        assertThat(new Instance(base).server("\uFEFFlisten: 8081").load().listen())
                .containsExactly(new ListenConfig("", 8081, SourceLocation.of("anywhere")));
    }

    @Test
    void knowsWhereEachAddressIsWritten() {
        Instance instance = new Instance(base)
                .server(
                        """
                        listen:
                          - 8081
                          - { host: 127.0.0.1, port: 8082 }
                          - "127.0.0.1:8083"
                        """);
        assertThat(instance.load().listen())
                .extracting(listener -> listener.source().toString())
                .containsExactly("conf/server.yml:2:5", "conf/server.yml:3:5", "conf/server.yml:4:5");
        assertThat(instance.server("listen: 8081").load().listen())
                .extracting(listener -> listener.source().toString())
                .containsExactly("conf/server.yml:1:9");
    }

    @Test
    void doesNotTakeAnAddressThatMovedInItsFileForAnother() {
        Instance instance = new Instance(base).server("listen: 8081");
        ServerConfig before = instance.load();
        assertThat(instance.server("# a comment\nlisten:\n  - 8081\n").load()).isEqualTo(before);
    }

    @Test
    void loadsHundredsOfContextsWellUnderASecond() {
        StringBuilder yaml =
                new StringBuilder("apps: { shop: { command: [run, \"${database}\", \"${port}\"] } }\ncontexts:\n");
        for (int i = 0; i < 400; i++) {
            yaml.append("  /sam/list").append(i).append(": { war: todo.war, idle_timeout: 5m }\n");
            yaml.append("  /shop/")
                    .append(i)
                    .append(": { app: shop, vars: { database: d")
                    .append(i)
                    .append(" } }\n");
        }
        Instance instance = new Instance(base).file("webapps/todo.war", "").server(yaml.toString());
        instance.load();
        // The processor's time, so that a busy machine does not fail the test.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        ServerConfig config = instance.load();
        Duration time = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);
        assertThat(config.contexts()).hasSize(800);
        assertThat(time).isLessThan(Duration.ofSeconds(1));
    }
}
