package marina.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import marina.config.ContextPath;
import marina.config.FleetConfig;
import marina.config.Hook;
import marina.config.IdleConfig;
import marina.config.ServerConfig;
import marina.context.MountedContext;
import marina.hook.HookPoint;
import marina.host.Host;
import marina.host.Reloader;
import marina.host.RestingContexts;
import marina.machine.Activity;
import marina.machine.ActivityLeases;
import marina.machine.ApiAnswer;
import marina.machine.MachineIdle;
import marina.machine.MachineStatus;
import marina.machine.Surroundings;
import marina.proxy.Forwarder;
import marina.proxy.Question;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine and the server around it: what the one does to the other when it falls asleep and wakes. Thread-safe. */
public final class MachineSleep implements Surroundings, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineSleep.class);

    /** An application that starts anew with its changed configuration is not waited for: requests wait for it themselves. */
    private static final Duration REREAD = Duration.ofSeconds(5);

    private static final Duration BREAK_OFF = Duration.ofSeconds(10);
    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_ANSWER = 64 * 1024;

    /** The host that the Machines API goes by on its socket. */
    private static final URI API = URI.create("http://flaps");

    private final Parts parts;
    private final Host host;
    private final RestingContexts contexts;
    private final SleepGate gate;
    private final Activity activity;
    private final MachineIdle idle;
    private final CompletableFuture<Void> stopWanted = new CompletableFuture<>();
    private final List<Runnable> forgetful = new CopyOnWriteArrayList<>();
    private final List<Runnable> restless = new CopyOnWriteArrayList<>();

    /**
     * What it has to do with.
     *
     * @param workers whose scheduler keeps the life of the machine
     * @param requests how many are being answered, those included that wait
     */
    record Parts(
            MarinaServer.Installation installation,
            Host host,
            ServerHookRuns hooks,
            Supplier<Reloader> reloader,
            Forwarder forwarder,
            Workers workers,
            LongSupplier requests) {}

    /**
     * A machine that is not looked at yet.
     *
     * @param gates makes the gate
     */
    MachineSleep(Parts parts, Activity activity, Function<MachineIdle, SleepGate> gates) {
        this.parts = parts;
        this.host = parts.host;
        this.activity = activity;
        this.contexts = new RestingContexts(host);
        this.idle = new MachineIdle(host::config, this, activity, parts.workers.scheduler());
        this.gate = gates.apply(idle);
        onWake(parts.forwarder::closeIdle);
    }

    /** Has something done whenever the machine has slept, before the resume hooks; must not block. */
    void onWake(Runnable... forget) {
        forgetful.addAll(List.of(forget));
    }

    /** Has something done before the machine sleeps although WebSockets are open; must not block. */
    void onRest(Runnable closing) {
        restless.add(closing);
    }

    /** The server serves from now on. */
    void start(CompletableFuture<Void> readyHooks) {
        holdUntil(readyHooks);
        if (host.config().idle().action() == IdleConfig.Action.SUSPEND && hasApi()) {
            SuspendLimits.of(parts.installation.environment())
                    .ifPresent(why -> LOG.warn(
                            "idle.action: suspend: {}; Fly suspends no such machine, so write idle.action: stop", why));
        }
        idle.start();
    }

    /** Keeps the machine awake until this completes. */
    void holdUntil(CompletableFuture<Void> done) {
        activity.hold();
        var unused = done.whenComplete((over, failure) -> activity.release());
    }

    MachineIdle idle() {
        return idle;
    }

    SleepGate gate() {
        return gate;
    }

    /** Completes when an idle machine is to stop and nobody but Marina can do that: by ending itself. */
    public CompletableFuture<Void> stopWanted() {
        return stopWanted.copy();
    }

    /** How it is now. */
    public MachineStatus status() {
        return idle.status();
    }

    /** Whether somebody uses it now. */
    public boolean isInUse() {
        return idle.isInUse();
    }

    /** What keeps it awake without a request. */
    public ActivityLeases leases() {
        return idle.leases();
    }

    /**
     * Takes a lease, which may keep a context from stopping, too.
     *
     * @param path of the context; empty for none
     * @throws IllegalArgumentException in the operator's words, when that cannot be
     */
    public void lease(String name, Duration ttl, String path) {
        Runnable unpin = path.isEmpty() ? () -> {} : pin(path);
        try {
            idle.leases().take(name, ttl, path, unpin);
        } catch (IllegalArgumentException e) {
            unpin.run();
            throw e;
        }
    }

    private Runnable pin(String path) {
        Optional<MountedContext> context =
                path.startsWith("/") ? host.context(new ContextPath(path)) : Optional.empty();
        return context.flatMap(MountedContext::pin)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no application runs at \"" + path + "\" that could be kept from stopping"));
    }

    @Override
    public void close() {
        idle.close();
        parts.hooks.giveUpSleep();
    }

    @Override
    public void closeGate() {
        gate.close();
    }

    @Override
    public void openGate() {
        gate.open();
    }

    @Override
    public int waiting() {
        return gate.waiting();
    }

    /** Counts those that wait before and after all others, so that one that comes or leaves meanwhile hides nobody. */
    @Override
    public boolean isAnswering() {
        int before = gate.waiting();
        long all = parts.requests.getAsLong();
        return all > before || gate.waiting() != before;
    }

    @Override
    public boolean contextsInUse(boolean websockets) {
        return contexts.areInUse(websockets);
    }

    @Override
    public Instant contextsUsed() {
        return contexts.lastUse();
    }

    @Override
    public CompletableFuture<Void> stopContexts(Duration drain) {
        if (!drain.isZero()) {
            parts.forwarder.closeWebSockets(); // nothing else of what contexts are busy with would hold them up
            restless.forEach(Runnable::run);
        }
        return contexts.rest(drain);
    }

    @Override
    public void startKeptContexts() {
        host.start();
    }

    @Override
    public boolean hasApi() {
        return host.config().fleet().platform() != FleetConfig.Platform.NONE
                && !variable("FLY_APP_NAME").isEmpty()
                && !variable("FLY_MACHINE_ID").isEmpty();
    }

    @Override
    public CompletableFuture<ApiAnswer> ask(IdleConfig.Action action, Duration timeout) {
        return ask(action == IdleConfig.Action.STOP ? "stop" : "suspend", timeout);
    }

    @Override
    public void breakOff() {
        var unused = ask("start", BREAK_OFF)
                .whenComplete((answer, failure) -> LOG.debug("Asked to break off a suspend: {} {}", answer, failure));
    }

    private CompletableFuture<ApiAnswer> ask(String call, Duration timeout) {
        ServerConfig config = host.config();
        Path socket =
                parts.installation.directories().base().resolve(config.fleet().api());
        String path = "/v1/apps/" + variable("FLY_APP_NAME") + "/machines/" + variable("FLY_MACHINE_ID") + "/" + call;
        Question question = new Question(API, "POST", path, Map.of(), timeout, 0, LONGEST_ANSWER);
        return parts.forwarder
                .ask(URI.create("unix:" + socket.toUri().getRawPath()), question)
                .thenApply(answer -> new ApiAnswer(answer.status(), oneLine(answer.body())));
    }

    @Override
    public void stopServer() {
        LOG.info("Nobody uses this machine, and there is no Machines API: Marina stops itself (idle.action: stop)");
        stopWanted.complete(null);
    }

    @Override
    public CompletableFuture<Boolean> beforeSleep(Hook hook, IdleConfig.Action action) {
        Map<String, String> more = Map.of("MARINA_IDLE_ACTION", action.name().toLowerCase(Locale.ROOT));
        return run(HookPoint.SERVER_SUSPEND, hook, more);
    }

    @Override
    public CompletableFuture<Boolean> afterSleep(Hook hook) {
        return run(HookPoint.SERVER_RESUME, hook, Map.of());
    }

    private CompletableFuture<Boolean> run(HookPoint point, Hook hook, Map<String, String> more) {
        // The start of a process is too long for the thread that keeps all deadlines.
        return CompletableFuture.completedFuture(hook)
                .thenComposeAsync(
                        due -> parts.hooks.one(point, due, more, parts.reloader.get()), parts.workers.executor())
                .thenCompose(done -> inTime(done.reloaded()).thenApply(reloaded -> done.succeeded()));
    }

    @Override
    public void forgetOthers() {
        forgetful.forEach(Runnable::run);
    }

    @Override
    public CompletableFuture<Void> rereadConfig() {
        return inTime(parts.reloader.get().reread().thenAccept(outcome -> {}));
    }

    private static CompletableFuture<Void> inTime(CompletableFuture<Void> reload) {
        return reload.completeOnTimeout(null, REREAD.toSeconds(), TimeUnit.SECONDS);
    }

    private String variable(String name) {
        return parts.installation.environment().getOrDefault(name, "");
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").trim();
        return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "…" : line;
    }
}
