package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong on a machine's way to sleep and back, in the simulator: no request is answered wrongly or lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SuspendFaultsIT {
    private static final String YAML =
            """
            idle: { action: suspend, timeout: 1s, patience: 2s }
            hooks: { suspend: %s, resume: %s }
            contexts: { /app: %s }
            """
                    .formatted(SleepBed.hook("suspend"), SleepBed.hook("resume"), SleepBed.app("app.js", ""));

    private SleepBed bed;
    private int before;

    @BeforeAll
    void start(@TempDir Path folder) {
        bed = SleepBed.start(folder, "suspend_delay: 500ms", "{ id: m1, region: ewr }", "", YAML);
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    /** Each test begins with a machine that runs and has nothing to do. */
    @BeforeEach
    void rouse() {
        bed.suspendFault("m1", "none");
        bed.letGo("m1", "suspend");
        bed.letGo("m1", "resume");
        answers();
        before = bed.words("m1").size();
    }

    private void answers() {
        HttpResponse<String> answer = bed.get("/app/version");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("m1");
    }

    /** The answer of the application on the right machine. */
    private static boolean right(HttpResponse<String> answer) {
        return answer.statusCode() == 200 && answer.body().equals("m1");
    }

    private List<String> words() {
        return bed.words("m1", before);
    }

    private int suspends() {
        return bed.calls("m1", "suspend").size();
    }

    private void awaitSuspends(int calls) {
        await(calls + " calls").atMost(SleepBed.PATIENCE).until(() -> suspends() >= calls);
    }

    @Test
    void requestsWakeItAndWaitForTheResumeHooks() throws Exception {
        bed.awaitState("m1", "suspended");
        assertThat(words()).as("contexts stop first").containsExactly("stop", "suspend", "suspend-done");
        bed.hold("m1", "resume");
        List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            requests.add(bed.getAsync("/app/version"));
        }
        bed.awaitWord("m1", before, "resume");
        assertThat(requests).noneMatch(CompletableFuture::isDone);
        bed.letGo("m1", "resume");
        int wrong = 0;
        for (CompletableFuture<HttpResponse<String>> request : requests) {
            wrong += right(request.get(20, TimeUnit.SECONDS)) ? 0 : 1;
        }
        assertThat(wrong).as("wrong answers").isZero();
        assertThat(words()).containsExactly("stop", "suspend", "suspend-done", "resume", "resume-done");
    }

    @Test
    void theApplicationsOfASuspendedMachineStandStillAndGoOn() {
        long pid = Long.parseLong(bed.get("/app/pid").body());
        bed.command("m1", "suspend");
        await("it stands still").atMost(SleepBed.PATIENCE).until(() -> Processes.isStopped(pid));
        assertThat(bed.get("/app/pid").body()).isEqualTo(Long.toString(pid));
    }

    @Test
    void aRefusalIsTriedAgainLaterAndTheMachineGoesOnServing() {
        int calls = suspends();
        bed.suspendFault("m1", "refuse");
        awaitSuspends(calls + 1);
        bed.awaitLife("m1", "running: could not suspend: the Machines API has refused: 412");
        answers();
        bed.suspendFault("m1", "fail");
        awaitSuspends(calls + 2);
        bed.awaitLife("m1", "running: could not suspend: the Machines API has refused: 500");
        answers();
        assertThat(words()).doesNotContain("resume");
        bed.suspendFault("m1", "none");
        bed.awaitState("m1", "suspended");
    }

    @Test
    void anApiThatSaysNothingHoldsNoRequestForLong() {
        int calls = suspends();
        bed.suspendFault("m1", "timeout");
        bed.awaitLife("m1", "idling -> suspended");
        long begin = System.nanoTime();
        answers();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        bed.awaitLife("m1", "running: could not suspend: the Machines API cannot be asked: no answer in time");
        bed.suspendFault("m1", "none");
        bed.awaitState("m1", "suspended");
        assertThat(suspends()).isGreaterThan(calls);
    }

    @Test
    void aYesThatNothingFollowsIsNoticed() {
        int calls = suspends();
        bed.suspendFault("m1", "nothing");
        awaitSuspends(calls + 1);
        bed.awaitLife("m1", "running: could not suspend: the Machines API said yes, and nothing happened");
        assertThat(words()).doesNotContain("resume");
        awaitSuspends(calls + 2);
        answers();
        assertThat(words()).as("perhaps it has slept").contains("resume-done");
        bed.suspendFault("m1", "none");
        bed.awaitState("m1", "suspended");
    }

    @Test
    void aRequestInTheMiddleOfTheSuspendHooksIsAnsweredAndCancelsTheSleep() {
        int calls = suspends();
        bed.hold("m1", "suspend");
        bed.awaitWord("m1", before, "suspend");
        answers();
        bed.awaitLife("m1", "idling -> running");
        bed.letGo("m1", "suspend");
        bed.awaitWord("m1", before, "suspend-done");
        assertThat(suspends()).isEqualTo(calls);
        assertThat(words()).doesNotContain("resume");
        bed.awaitState("m1", "suspended");
    }

    @Test
    void aSleepInTheMiddleOfTheSuspendHooksIsFollowedByTheResumeHooks() throws Exception {
        int calls = suspends();
        bed.hold("m1", "suspend");
        bed.awaitWord("m1", before, "suspend");
        bed.command("m1", "suspend");
        bed.awaitState("m1", "suspended");
        bed.letGo("m1", "suspend");
        await("a sleep")
                .atMost(Duration.ofSeconds(8))
                .during(Duration.ofSeconds(6))
                .until(() -> bed.state("m1").equals("suspended"));
        assertThat(words()).as("the hook sleeps as well").containsExactly("stop", "suspend");
        CompletableFuture<HttpResponse<String>> request = bed.getAsync("/app/version");
        assertThat(right(request.get(20, TimeUnit.SECONDS))).isTrue();
        assertThat(words()).containsExactly("stop", "suspend", "suspend-done", "resume", "resume-done");
        assertThat(suspends()).isEqualTo(calls);
    }

    @Test
    void aRequestThatComesPastTheEdgeBreaksOffASuspendThatIsUnderWay() {
        await("the suspend")
                .atMost(SleepBed.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> bed.state("m1").equals("suspending"));
        // The edge would have started it; the private network does not.
        String answer = RawClient.get(bed.address("m1"), "/app/slow?ms=1500");
        assertThat(RawClient.status(answer)).isEqualTo(200);
        assertThat(words()).contains("resume-done");
        bed.awaitState("m1", "suspended");
    }

    @Test
    void aMachineThatIsKilledWhileItFallsAsleepServesAfterItsRestart() {
        bed.hold("m1", "suspend");
        bed.awaitWord("m1", before, "suspend");
        bed.command("m1", "kill");
        bed.letGo("m1", "suspend");
        answers();
        assertThat(words()).doesNotContain("resume");
        bed.awaitState("m1", "suspended");
    }

    @Test
    void aLeaseKeepsItAwakeUntilItIsReleased() throws Exception {
        assertThat(bed.marina("m1", "lease", "import", "--ttl", "1m")).isEqualTo("import: held for 1m\n");
        int calls = suspends();
        await("no sleep").during(Duration.ofMillis(1800)).until(() -> suspends() == calls);
        assertThat(bed.state("m1")).isEqualTo("started");
        bed.marina("m1", "lease", "import", "--release");
        bed.awaitState("m1", "suspended");
    }
}
