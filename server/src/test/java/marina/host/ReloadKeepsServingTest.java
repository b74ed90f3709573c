package marina.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import marina.config.Directories;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests during a reload. */
class ReloadKeepsServingTest {
    @TempDir
    private Path base;

    @Test
    void loadOnOneContextDoesNotNoticeThatAnotherIsAddedChangedAndRemovedFiftyTimes() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts("  /a: " + command("a")))) {
            String pid = marina.get("/a/pid").body();
            Load load = new Load(marina, "/a/pid");
            for (int round = 0; round < 50; round++) {
                String b = "  /b: { files: " + (round % 2 == 0 ? "one" : "two") + " }\n";
                assertThat(marina.reload(contexts("  /a: " + command("a") + b)).messages())
                        .isNotEmpty();
                assertThat(marina.reload(contexts("  /a: " + command("a")
                                        + b.replace("files: ", "upstream: \"http://127.0.0.1:1\" }\n  /c: { files: ")))
                                .succeeded())
                        .isTrue();
                assertThat(marina.reload(contexts("  /a: " + command("a"))).succeeded())
                        .isTrue();
            }
            load.stop();

            assertThat(load.answers)
                    .as("answers other than 200 from the one process")
                    .containsOnly("200 " + pid);
            assertThat(load.count.get()).isGreaterThan(50);
        }
    }

    @Test
    void aChangedContextIsReplacedUnderLoadWithoutAFailedRequest() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts("  /a: " + command("0")))) {
            assertThat(marina.get("/a/version").body()).isEqualTo("0");
            Load load = new Load(marina, "/a/version");
            for (int version = 1; version <= 5; version++) {
                assertThat(marina.reload(contexts("  /a: " + command(Integer.toString(version))))
                                .succeeded())
                        .isTrue();
                assertThat(marina.get("/a/version").body()).isEqualTo(Integer.toString(version));
            }
            load.stop();

            assertThat(load.answers).allMatch(answer -> answer.matches("200 [0-5]"));
        }
    }

    @Test
    void aRequestThatWaitsForAStartIsAnsweredByTheSuccessorWhenTheContextIsReplacedMeanwhile() {
        String slow = command("old").replace("VERSION", "START_DELAY: \"20000\", VERSION");
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, contexts("  /a: " + slow.replace(" }\n", ", page_after: 20s }\n")))) {
            CompletableFuture<HttpResponse<String>> parked = marina.getAsync("/a/version");
            marina.awaitState("/a", "starting");

            marina.reload(contexts("  /a: " + command("new")));

            assertThat(parked.join().body()).isEqualTo("new");
        }
    }

    @Test
    void aSuccessorThatDoesNotStartLeavesTheOldOneServing() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts("  /a: " + command("good")))) {
            assertThat(marina.get("/a/version").body()).isEqualTo("good");

            ReloadOutcome outcome = marina.reload(
                    contexts("  /a: " + command("bad").replace("VERSION", "EXIT_AT_START: \"3\", VERSION")));

            assertThat(outcome.succeeded()).isFalse();
            assertThat(String.join("\n", outcome.messages()))
                    .contains("conf/server.yml:3", "/a", "exit status 3", "the database is missing");
            assertThat(marina.get("/a/version").body()).isEqualTo("good");
        }
    }

    @Test
    void aMendedConfigurationDoesNotWaitForTheMistakeBeforeItToTimeOut() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts("  /a: " + command("good")))) {
            assertThat(marina.get("/a/version").body()).isEqualTo("good");
            MarinaUnderTest.write(
                    base,
                    "conf/server.yml",
                    "listen: \"127.0.0.1:0\"\n"
                            + contexts("  /a: " + command("bad").replace("VERSION", "NEVER_LISTEN: \"1\", VERSION")));
            long processes = ProcessHandle.current().children().count();
            CompletableFuture<ReloadOutcome> mistake =
                    marina.server().reloader().reload();
            await("the mistake has been read")
                    .until(() -> ProcessHandle.current().children().count() > processes);
            CompletableFuture<ReloadOutcome> again = marina.server().reloader().reload();

            ReloadOutcome mended = marina.reload(contexts("  /a: " + command("mended")));

            assertThat(mended.succeeded()).isTrue();
            assertThat(marina.get("/a/version").body()).isEqualTo("mended");
            assertThat(mistake.join().messages()).anyMatch(line -> line.contains("superseded"));
            assertThat(again).as("whichever of the two it has read").succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void aConfigurationWithProblemsChangesNothingAndNamesThemAll() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts("  /a: " + command("1")))) {
            ReloadOutcome outcome =
                    marina.reload(contexts("  /a: { files: one, idle_timout: 5m }\n  /b: { files: 7m }\n")
                            + "health: { status: high }\n");

            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.messages()).anyMatch(line -> line.contains("did you mean \"idle_timeout\"?"));
            assertThat(outcome.messages()).anyMatch(line -> line.contains("health.status"));
            assertThat(marina.get("/a/version").body()).isEqualTo("1");
        }
    }

    @Test
    void droppingAFileIntoConfContextsDeploysAndDeletingItUndeploys() throws Exception {
        MarinaUnderTest.write(base, "site/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            assertThat(marina.get("/deep/site/").statusCode()).isEqualTo(404);

            MarinaUnderTest.write(base, "conf/contexts/deep/site.yml", "files: site\n");
            org.awaitility.Awaitility.await()
                    .until(() -> marina.get("/deep/site/").body().equals("hello"));

            java.nio.file.Files.delete(base.resolve("conf/contexts/deep/site.yml"));
            org.awaitility.Awaitility.await()
                    .until(() -> marina.get("/deep/site/").statusCode() == 404);
        }
    }

    @Test
    void aServerFileThatSomebodyBeginsToWriteIsNotTakenForAnEmptyOne() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts("  /a: { files: one }\n"))) {
            CompletableFuture<String> meanwhile = new CompletableFuture<>();
            String before = marina.read("conf/server.yml");
            Writer writer = new Writer(rest -> {
                MarinaUnderTest.write(base, "conf/server.yml", ""); // as everybody does who writes it anew
                ReloadOutcome outcome = marina.server()
                        .reloader()
                        .reload(ReloadCause.FILE_CHANGE, rest)
                        .join();
                meanwhile.complete(marina.get("/a/").body() + ", " + outcome.messages());
                MarinaUnderTest.write(base, "conf/server.yml", before + "  /c: { files: two }\n");
            });
            try (ConfigWatch watch = new ConfigWatch(new Directories(base, base), NOWHERE_ELSE, writer)) {
                watch.start(writer.scheduler, writer.scheduler);
                MarinaUnderTest.write(base, "conf/server.yml", before + "  /b: { files: two }\n");

                assertThat(meanwhile.orTimeout(20, TimeUnit.SECONDS).join()).startsWith("one, [no reload yet: ");
                await().until(() -> marina.get("/c/").body().equals("two"));
                assertThat(marina.get("/b/").statusCode()).isEqualTo(404);
                assertThat(marina.get("/a/").body()).isEqualTo("one");
            } finally {
                writer.scheduler.shutdown();
            }
        }
    }

    @Test
    void whoAsksForAReloadGetsItWhateverIsBeingWritten() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts("  /a: { files: one }\n"))) {
            assertThat(marina.server().reloader().reload(ReloadCause.FILE_CHANGE, read -> false))
                    .succeedsWithin(Duration.ofSeconds(10));

            assertThat(marina.reload(contexts("  /b: { files: two }\n")).succeeded())
                    .isTrue();
            assertThat(marina.get("/b/").body()).isEqualTo("two");
        }
    }

    private static final ConfigWatch.Elsewhere NOWHERE_ELSE = new ConfigWatch.Elsewhere() {
        @Override
        public Set<Path> archives() {
            return Set.of();
        }

        @Override
        public Set<Path> certificates() {
            return Set.of();
        }

        @Override
        public Set<Path> releases() {
            return Set.of();
        }
    };

    /** Does something between the moment when a file is seen to be at rest and that in which it is read. */
    private static final class Writer implements ConfigWatch.Changes {
        private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
        private final Consumer<AtRest> work;
        private final AtomicBoolean done = new AtomicBoolean();

        Writer(Consumer<AtRest> work) {
            this.work = work;
        }

        @Override
        public void changed(AtRest rest) {
            if (done.compareAndSet(false, true)) {
                work.accept(rest);
            }
        }

        @Override
        public void changedByHooks(AtRest rest) {
            changed(rest);
        }
    }

    private String contexts(String contexts) {
        MarinaUnderTest.write(base, "one/index.html", "one");
        MarinaUnderTest.write(base, "two/index.html", "two");
        return "contexts:\n" + contexts;
    }

    private static String command(String version) {
        return "{ command: [node, app.js], directory: "
                + Path.of("target/test-classes/apps").toAbsolutePath() + ", env: { VERSION: \"" + version + "\" } }\n";
    }

    /** Two clients that ask again and again. */
    private static final class Load {
        private final Queue<String> answers = new ConcurrentLinkedQueue<>();
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final CompletableFuture<Void> clients;

        Load(MarinaUnderTest marina, String path) {
            clients = CompletableFuture.allOf(
                    CompletableFuture.runAsync(() -> ask(marina, path)),
                    CompletableFuture.runAsync(() -> ask(marina, path)));
        }

        private void ask(MarinaUnderTest marina, String path) {
            while (running.get()) {
                HttpResponse<String> response = marina.get(path);
                String answer = response.statusCode() + " " + response.body();
                count.incrementAndGet();
                if (!answers.contains(answer)) {
                    answers.add(answer);
                }
            }
        }

        void stop() {
            running.set(false);
            clients.join();
        }
    }
}
