package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that nobody here wrote, dropped into webapps. */
class ForeignWarTest {
    private static final Path WARS = Path.of("target/wars");

    @TempDir
    private Path base;

    @Test
    void aDroppedArchiveIsServedUnderItsNameAndGoneWhenItIsDeleted() throws Exception {
        Files.createDirectories(base.resolve("webapps"));
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            assertThat(marina.get("/hello/version").statusCode()).isEqualTo(404);

            drop("jolokia-war-unsecured.war", "hello.war");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> marina.get("/hello/version").statusCode() == 200);
            assertThat(marina.get("/hello/version").body()).contains("\"agent\":\"1.7");

            Files.delete(base.resolve("webapps/hello.war"));
            await().until(() -> marina.get("/hello/version").statusCode() == 404);
        }
    }

    @Test
    void anArchiveThatIsStillBeingCopiedIsNotServedBeforeItIsWhole() throws Exception {
        Files.createDirectories(base.resolve("webapps"));
        byte[] whole = Files.readAllBytes(WARS.resolve("jolokia-war-unsecured.war"));
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "");
                var copy = Files.newOutputStream(base.resolve("webapps/hello.war"))) {
            copy.write(whole, 0, whole.length / 2);
            await().during(Duration.ofMillis(1500))
                    .until(() -> marina.get("/hello/version").statusCode() == 404);

            copy.write(whole, whole.length / 2, whole.length - whole.length / 2);
            copy.flush();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> marina.get("/hello/version").statusCode() == 200);
        }
    }

    @Test
    void theSameArchiveAnswersTheSameInThisJvmAndInOneOfItsOwn() throws Exception {
        drop("jolokia-war-unsecured.war", "agent.war");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /here: { war: agent.war, page_after: 60s }
                  /apart: { war: agent.war, isolation: process, page_after: 60s, ready: { timeout: 60s } }
                """)) {
            for (String path : new String[] {"/here", "/apart"}) {
                assertThat(marina.get(path + "/version").body()).contains("\"agent\":\"1.7");
                assertThat(marina.get(path + "/read/java.lang:type=Runtime/Name")
                                .body())
                        .as("the JVM that %s runs in", path)
                        .contains(jvmOf(marina, path) + "@");
            }
        }
    }

    private static long jvmOf(MarinaUnderTest marina, String path) {
        long pid = marina.status(path).backend().pid();
        return pid == 0 ? ProcessHandle.current().pid() : pid;
    }

    private void drop(String archive, String name) throws IOException {
        Path webapps = Files.createDirectories(base.resolve("webapps"));
        Path partial = base.resolve(name + ".part");
        Files.copy(WARS.resolve(archive), partial);
        Files.move(partial, webapps.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
