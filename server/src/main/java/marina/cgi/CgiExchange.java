package marina.cgi;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import marina.process.ExitOutcome;
import marina.process.LaunchException;
import marina.process.PipedProcess;
import marina.process.ProcessLauncher;
import marina.process.ProcessOutput;
import marina.process.ProcessSpec;
import marina.process.ResourceLimits;
import marina.process.RunningProcess;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a script. One thread starts it, reads what it prints and writes that to the client; whatever else may end the run
 * (its time is over, the client leaves, the process ends though somebody keeps its output open) waits for a moment in which
 * that thread does not write. Used once.
 */
final class CgiExchange {
    private static final Logger LOG = LoggerFactory.getLogger(CgiExchange.class);
    private static final int BUFFER = 16 * 1024;

    /** From SIGTERM to SIGKILL for a script that is no longer wanted. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** How long the end of the output waits for that of the process, and the other way round. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** So long a look for output lasts, and so many in vain after the end of the process are its patience. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final int QUIET_LOOKS = 4;

    private final CgiCall call;
    private final RequestBody body;
    private final CgiTools tools;
    private final CgiAnswer answer;
    private final CgiEnd end;
    private final Turn turn = new Turn();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean unwanted; // the script is being ended from here
    private volatile boolean outputEnded;
    private volatile @Nullable RunningProcess process;
    private volatile @Nullable ExitOutcome exit;
    private volatile @Nullable ScheduledFuture<?> alarm;

    /**
     * What all runs share.
     *
     * @param launcher starts processes
     * @param scheduler for deadlines
     * @param pages answer where no script does
     */
    record CgiTools(ProcessLauncher launcher, ScheduledExecutorService scheduler, CgiPages pages) {}

    CgiExchange(CgiCall call, RequestBody body, CgiTools tools) {
        this.call = call;
        this.body = body;
        this.tools = tools;
        this.answer = new CgiAnswer(call.request(), call.response());
        this.end = new CgiEnd(call, answer, tools.pages());
    }

    /** Completes when nothing is left of the process. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** Completes when the process has ended and nobody reads its output any more, before the answer is complete. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Whether the script ended by itself, with status 0. */
    boolean succeeded() {
        ExitOutcome outcome = exit;
        return outcome != null && outcome.status() == 0 && !unwanted;
    }

    /** Runs it; blocks until the end of its output. */
    void run() {
        try {
            if (turn.isOver()) {
                over(); // the client has left already
                return;
            }
            PipedProcess started = tools.launcher.launchPiped(spec());
            try (ProcessOutput output = started.output()) {
                watch(started);
                body.begin(started.input(), this::clientFailed);
                read(output);
            }
        } catch (IOException e) {
            LOG.debug("The output of {} ended: {}", call.script(), e.toString());
        } catch (LaunchException | IllegalArgumentException e) {
            over();
            refuse("cannot run: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed in an unexpected way", call.script(), e);
            stop();
            if (process == null) {
                over();
            }
            refuse(e.toString());
        } finally {
            outputEnded();
        }
    }

    /** Instead of {@link #run}, when there is no thread for it. */
    void refuse() {
        over();
        conclude(() -> end.fail(HttpStatus.SERVICE_UNAVAILABLE_503, new RejectedExecutionException("no thread")));
    }

    /** The client has left, or has not sent what it had announced. */
    void clientFailed(Throwable failure) {
        if (turn.isOver()) {
            return; // it has had its answer
        }
        stop();
        conclude(() -> end.clientFailed(failure));
    }

    /** There is no process. */
    private void over() {
        ended.complete(null);
        gone.complete(null);
    }

    private ProcessSpec spec() {
        Map<String, String> environment = new HashMap<>(call.script().environment());
        environment.putAll(MetaVariables.of(call.request(), call.scriptName(), body.length()));
        return new ProcessSpec(
                call.script().owner(),
                List.of(call.script().program().toString()),
                call.script().directory(),
                environment,
                call.script().errors(),
                call.script().account(),
                ResourceLimits.NONE);
    }

    private void watch(PipedProcess started) {
        RunningProcess running = started.process();
        process = running;
        Duration timeout = call.script().timeout();
        if (!timeout.isZero()) {
            alarm = schedule(timeout, this::timedOut);
        }
        var unused = running.exit().thenAccept(outcome -> exited(started, outcome));
        if (unwanted) {
            stop(); // the client has left while it was started
        }
    }

    /** When nothing is left of the process, the output may still be open, with a stranger: what has come by then is all. */
    private void read(ProcessOutput output) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int quiet = 0;
        while (quiet < QUIET_LOOKS) {
            boolean over = gone.isDone();
            int count = output.read(buffer, LOOK);
            if (count < 0) {
                return;
            }
            quiet = count == 0 && over ? quiet + 1 : 0;
            if (count > 0 && turn.take()) {
                try {
                    pass(buffer, count);
                } finally {
                    turn.giveBack();
                }
            } // else nobody wants it any more, but the script must not hang before it is ended
        }
    }

    private void outputEnded() {
        outputEnded = true;
        if (exit != null) {
            ended.complete(null);
            conclude(this::finish);
        } else if (answer.isBegun()) {
            later(PATIENCE, () -> conclude(this::finish)); // it may go on working though its answer is complete
        }
    }

    private void pass(byte[] buffer, int count) {
        try {
            answer.accept(buffer, count);
        } catch (BadHeadException e) {
            stop();
            refuse(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            clientFailed(e);
        }
    }

    private void exited(PipedProcess started, ExitOutcome outcome) {
        exit = outcome;
        if (outputEnded) {
            ended.complete(null);
        }
        ScheduledFuture<?> pending = alarm;
        if (pending != null) {
            pending.cancel(false);
        }
        if (outcome.status() != 0 && !unwanted) {
            List<String> lines = outcome.lastLines();
            String last = lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
            LOG.warn("{} ended with {}{}", call.script(), outcome.describe(), last);
        }
        var unused = started.process().terminate(Duration.ZERO).thenRun(() -> {
            gone.complete(null);
            if (!outputEnded && !started.output().keepsLimits()) {
                later(PATIENCE, this::stopReading);
            }
        });
        if (outputEnded) {
            conclude(this::finish);
        }
    }

    /** Somebody who has left the tree keeps its output open, and the thread that reads it waits for ever: go on without it. */
    private void stopReading() {
        if (turn.isOver() || outputEnded) {
            return;
        }
        if (turn.isIdleFor(PATIENCE)) {
            conclude(this::finish);
        } else {
            later(PATIENCE, this::stopReading); // the client has not taken yet what was printed
        }
    }

    private void timedOut() {
        if (exit == null) {
            LOG.warn(
                    "{} was ended after its timeout of {} s",
                    call.script(),
                    call.script().timeout().toMillis() / 1000.0);
            stop();
            conclude(() -> end.fail(HttpStatus.GATEWAY_TIMEOUT_504, new TimeoutException("the script took too long")));
        }
    }

    private void finish() {
        end.finish(exit);
    }

    private void refuse(String reason) {
        end.tell(reason);
        conclude(() -> end.fail(HttpStatus.BAD_GATEWAY_502, new IOException(reason)));
    }

    /** Ends the script with all that it has started. */
    private void stop() {
        unwanted = true;
        RunningProcess running = process;
        if (running != null) {
            var unused = running.terminate(GRACE);
        }
    }

    private void conclude(Runnable conclusion) {
        turn.conclude(() -> {
            try {
                call.request().getComponents().getExecutor().execute(conclusion);
            } catch (RejectedExecutionException e) {
                conclusion.run(); // the server is stopping
            }
        });
    }

    private void later(Duration delay, Runnable task) {
        var unused = schedule(delay, task);
    }

    private @Nullable ScheduledFuture<?> schedule(Duration delay, Runnable task) {
        try {
            return tools.scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null; // the server has stopped, and with it all scripts
        }
    }
}
