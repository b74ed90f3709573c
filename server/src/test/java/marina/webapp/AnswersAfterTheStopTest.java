package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.config.ContextPath;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request that takes longer than a WAR that stops may wait for it, and then fails because of that. */
class AnswersAfterTheStopTest {
    private static final String WAITING =
            """
            java.nio.file.Path home = java.nio.file.Path.of(getServletContext().getInitParameter("HOME"));
            java.nio.file.Files.writeString(home.resolve("in"), "");
            while (!java.nio.file.Files.exists(home.resolve("go"))) Thread.sleep(10);
            if ("yes".equals(q.getParameter("fine"))) { a.getWriter().print("fine"); return; }
            throw new IllegalStateException("the pool swordfish is shut down");
            """;

    @TempDir
    Path base;

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void saysNothingOfTheException(EeLevel level) throws Exception {
        HttpResponse<String> answer = askAcrossAStop(level, "/late/do");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body())
                .contains("<html")
                .doesNotContain("swordfish", "IllegalState", "app.Do", "org.eclipse");
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void whatIsStillAnsweredWellArrives(EeLevel level) throws Exception {
        HttpResponse<String> answer = askAcrossAStop(level, "/late/do?fine=yes");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("fine");
    }

    private HttpResponse<String> askAcrossAStop(EeLevel level, String target) throws Exception {
        Files.createDirectories(base.resolve("webapps"));
        Path archive = new TestWar(level, base)
                .type("app.Do", TestWar.servlet(WAITING))
                .pack("late.war");
        Files.move(archive, base.resolve("webapps/late.war"));
        String contexts = "contexts: { /late: { war: late.war, env: { HOME: \"%s\" } } }".formatted(base);
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts)) {
            CompletableFuture<HttpResponse<String>> answer = marina.getAsync(target);
            await().until(() -> Files.exists(base.resolve("in")));
            marina.server()
                    .host()
                    .context(new ContextPath("/late"))
                    .orElseThrow()
                    .stop(Duration.ofMillis(100))
                    .get(20, TimeUnit.SECONDS);
            Files.writeString(base.resolve("go"), "");
            return answer.get(20, TimeUnit.SECONDS);
        }
    }
}
