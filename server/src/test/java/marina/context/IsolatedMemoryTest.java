package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory of a JVM that runs one WAR: what is left of the limit is its heap, and a JVM without memory ends. */
class IsolatedMemoryTest {
    private static final String PAGE =
            """
            <%@ page contentType="text/plain" %><%= Runtime.getRuntime().maxMemory() >> 20 %> <%= System.getProperty("colour") %>
            """;
    private static final String GREEDY =
            "<% java.util.List<byte[]> all = new java.util.ArrayList<>(); while (true) all.add(new byte[1 << 20]); %>";

    @TempDir
    private Path base;

    private MarinaUnderTest start(String contexts) {
        MarinaUnderTest.write(base, "webapps/app/WEB-INF/web.xml", "<web-app version=\"6.0\"/>");
        MarinaUnderTest.write(base, "webapps/app/index.jsp", PAGE);
        MarinaUnderTest.write(base, "webapps/app/greedy.jsp", GREEDY);
        return MarinaUnderTest.start(
                base,
                """
                defaults: { page_after: 60s, ready: { timeout: 60s, path: /nothing } }
                contexts:
                """
                        + contexts.replaceAll("(?m)^(/[a-z]+): \\{", "  $1: { war: app, ee: 10, isolation: process,"));
    }

    private static long heap(MarinaUnderTest marina, String path) {
        return Long.parseLong(marina.get(path).body().strip().split(" ", -1)[0]);
    }

    @Test
    void theHeapFitsIntoTheLimitAndJavaOptsWin() {
        try (MarinaUnderTest marina = start(
                """
                /small: { memory_limit: 256M }
                /middle: { memory_limit: 512M }
                /own: { memory_limit: 512M, env: { JAVA_OPTS: "-Xmx100m -Dcolour=blue" } }
                """)) {
            // The serial collector does not count one of its survivor spaces.
            assertThat(heap(marina, "/small/")).isBetween(118L, 128L);
            assertThat(heap(marina, "/middle/")).isBetween(330L, 352L);
            assertThat(heap(marina, "/own/")).isBetween(90L, 100L);
            assertThat(marina.get("/own/").body()).contains("blue");
        }
    }

    @Test
    void aJvmWithoutMemoryEndsWithThatReasonAndTheNextRequestStartsAnother() {
        try (MarinaUnderTest marina = start("/app: { memory_limit: 256M }\n")) {
            assertThat(marina.get("/app/").statusCode()).isEqualTo(200);
            assertThat(marina.get("/app/greedy.jsp").statusCode()).isEqualTo(502);
            marina.awaitState("/app", "failed");
            assertThat(marina.status("/app").backend().reason())
                    .startsWith("its JVM had no memory left (Java heap space); raise memory_limit or -Xmx");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> marina.get("/app/").statusCode() == 200);
        }
    }
}
