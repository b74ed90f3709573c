package marina.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import marina.config.Hook;
import marina.config.IdleConfig;

/** What a machine that falls asleep and wakes does to the server. Nothing of it blocks; futures may complete on any thread. */
public interface Surroundings {

    /** From now on requests other than the health check wait, until {@link #openGate}. */
    void closeGate();

    /** Those that wait go on, and others pass. */
    void openGate();

    /** How many wait. */
    int waiting();

    /** Whether a request is being answered that does not wait. To be asked after the gate is closed. */
    boolean isAnswering();

    /**
     * Whether a context is in use, starts or stops.
     *
     * @param websockets whether an open WebSocket counts as use
     */
    boolean contextsInUse(boolean websockets);

    /** The end of the last use of any context. */
    Instant contextsUsed();

    /**
     * Has the contexts that nobody uses stop; completes when they have, their stop hooks included.
     *
     * @param drain zero; or how long contexts that are in use may go on before they stop too
     */
    CompletableFuture<Void> stopContexts(Duration drain);

    /** Has the contexts run that are always to run. */
    void startKeptContexts();

    /** Whether there is a Machines API that can carry out what an idle machine is to do. */
    boolean hasApi();

    /** Asks the Machines API; completes exceptionally when there is no answer in time. */
    CompletableFuture<ApiAnswer> ask(IdleConfig.Action action, Duration timeout);

    /** Asks the Machines API to break off a suspend that it may not have carried out yet. Whether it does so shows by itself. */
    void breakOff();

    /** Ends Marina in order. */
    void stopServer();

    /** Runs a hook before the machine sleeps; completes with whether it succeeded, after it has ended. */
    CompletableFuture<Boolean> beforeSleep(Hook hook, IdleConfig.Action action);

    /** Runs a hook after it. */
    CompletableFuture<Boolean> afterSleep(Hook hook);

    /** Gives up what the other end has lost during the sleep: pooled connections, and what was learnt of other machines. */
    void forgetOthers();

    /** Reads the configuration anew; completes when it has taken effect. */
    CompletableFuture<Void> rereadConfig();
}
