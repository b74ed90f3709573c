package marina.simulator.edge;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import marina.simulator.journal.Event;
import marina.simulator.machine.Machine;
import marina.simulator.topology.Topology.App;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way from machine to machine, until one answers it with something else than fly-replay. Runs on the
 * thread of the request, which waits.
 */
final class RoutedRequest {

    private static final int MOST_REPLAYS = 10;
    private static final String PREFERRED_MISSED = "fly-preferred-instance-unavailable";

    private final EdgeServices edge;
    private final Entrance entrance;
    private final String region;
    private final String id;
    private final RequestHead head;
    private final ClientBody body;
    private final Answer answer;
    private final Executor executor;
    private int replays;
    private int hops;
    private boolean bypassed;

    RoutedRequest(
            EdgeServices edge,
            Entrance entrance,
            Arrival arrival,
            RequestHead head,
            ClientBody body,
            Answer answer,
            Executor executor) {
        this.edge = edge;
        this.entrance = entrance;
        this.region = arrival.region();
        this.id = arrival.id();
        this.head = head;
        this.body = body;
        this.answer = answer;
        this.executor = executor;
    }

    /** Where and as what the request has come in. */
    record Arrival(String region, String id) {}

    void run() {
        long begin = System.nanoTime();
        String end = "answered";
        try {
            Route route = firstRoute();
            while (route != null) {
                route = hop(route);
            }
        } catch (FaultException e) {
            end = e.fault().name() + ": " + e.getMessage();
            answer.fault(e);
        } catch (ClientGoneException e) {
            end = "broken off: " + e.getMessage();
            answer.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.failed(e);
        } finally {
            edge.journal()
                    .add(event("done").with("outcome", end).with("hops", hops).with("ms", since(begin)));
        }
    }

    private Route firstRoute() {
        ReplayCache.Found found = edge.cache().find(entrance, head);
        bypassed = found.bypassed();
        Replay cached = found.replay();
        if (cached != null) {
            head.set("fly-replay-cache-status", "hit");
            App app = cached.app().flatMap(edge.fleet()::app).orElse(entrance.app());
            return Route.of(cached, Route.Kind.CACHED, app, entrance.service().port(), null);
        }
        return FirstRoute.of(entrance, head);
    }

    /** One machine; the next route when it has asked for a replay, null when the client has its answer. */
    private @Nullable Route hop(Route route) throws InterruptedException {
        long begin = System.nanoTime();
        Reach.Outcome outcome = edge.reach().connect(route, region, "request " + id);
        MachineLink link = outcome.link();
        if (link == null) {
            return unreached(route, outcome);
        }
        hops++;
        missed(route, link.machine());
        Event event = event("hop")
                .with("hop", hops)
                .with("via", route.kind().name().toLowerCase(java.util.Locale.ROOT))
                .with("source", route.issuer() == null ? null : route.issuer().id())
                .with("app", link.machine().app().name())
                .with("machine", link.machine().id())
                .with("machine_region", link.machine().spec().region());
        Exchange exchange = new Exchange(link, head, body, answer, executor, listener(link, event, begin));
        try {
            Optional<Replay> replay = exchange.run();
            if (replay.isEmpty()) {
                return null;
            }
            event.with("status", exchange.status()).with("decision", "replay");
            Route next = next(route, link.machine(), replay.get(), event);
            edge.journal().add(event.with("ms", since(begin)));
            return next;
        } catch (FaultException e) {
            edge.journal()
                    .add(event.with("decision", "error")
                            .with("error", e.fault().name())
                            .with("ms", since(begin)));
            throw e;
        } finally {
            if (!exchange.upgraded()) {
                close(link);
            }
        }
    }

    /** Writes the hop down before the client has its answer: who has that, finds the hop in the journal. */
    private Exchange.Listener listener(MachineLink link, Event event, long begin) {
        return new Exchange.Listener() {
            @Override
            public void decided(String decision, int status) {
                edge.journal()
                        .add(event.with("status", status)
                                .with("decision", decision)
                                .with("ms", since(begin)));
            }

            @Override
            public void tunnelClosed() {
                edge.journal()
                        .add(event("tunnel closed")
                                .with("machine", link.machine().id()));
            }
        };
    }

    private void missed(Route route, Machine machine) {
        if (route.preferInstance().isPresent() && !route.preferInstance().get().equals(machine.id())) {
            head.set(PREFERRED_MISSED, route.preferInstance().get());
        } else {
            head.remove(PREFERRED_MISSED);
        }
    }

    private @Nullable Route unreached(Route route, Reach.Outcome outcome) {
        Machine issuer = route.issuer();
        edge.journal()
                .add(event("unreached")
                        .with("via", route.kind().name().toLowerCase(java.util.Locale.ROOT))
                        .with("app", route.app().name())
                        .with("reason", outcome.reason())
                        .with("ms", outcome.elapsedMillis()));
        if (route.kind() == Route.Kind.CACHED) {
            edge.cache().forget(entrance, head);
            head.remove("fly-replay-cache-status");
            return FirstRoute.of(entrance, head);
        }
        if (issuer == null || route.fallback() == Fallback.NONE) {
            throw new FaultException(
                    outcome.reason().equals("no_candidate") ? EdgeFault.PR04 : EdgeFault.PR03, outcome.reason());
        }
        StringBuilder failed = new StringBuilder();
        route.instance()
                .or(route::preferInstance)
                .ifPresent(name -> failed.append("instance=").append(name).append(';'));
        failed.append("app=").append(route.app().name());
        if (!route.regions().isEmpty()) {
            String list = String.join(",", route.regions());
            failed.append(";region=").append(route.regions().size() > 1 ? '"' + list + '"' : list);
        }
        failed.append(";replay_source=").append(issuer.id());
        failed.append(";reason=").append(outcome.reason());
        failed.append(";elapsed_ms=").append(outcome.elapsedMillis());
        head.set("fly-replay-failed", failed.toString());
        head.remove("fly-replay-src");
        return route.back(issuer);
    }

    /** Where a replay leads, after all that can be wrong with it. */
    private Route next(Route route, Machine issuer, Replay replay, Event event) {
        if (route.kind() == Route.Kind.FALLBACK) {
            throw new FaultException(EdgeFault.PA03, "a request that has fallen back cannot be replayed");
        }
        if (++replays > MOST_REPLAYS) {
            throw new FaultException(EdgeFault.PA02, "");
        }
        if (body.tooLarge()) {
            throw new FaultException(EdgeFault.PA01, "");
        }
        App app = issuer.app();
        if (replay.app().isPresent()) {
            app = edge.fleet()
                    .app(replay.app().get())
                    .orElseThrow(() ->
                            new FaultException(EdgeFault.PA04, replay.app().get()));
            if (!app.org().equals(issuer.app().org())) {
                throw new FaultException(EdgeFault.PA05, app.name());
            }
        }
        if (replay.caching().invalidate()) {
            edge.cache().forget(entrance, head);
        } else {
            event.with("not_cached", edge.cache().remember(entrance, head, replay));
        }
        head.transform(replay.transform());
        head.replayedBy(issuer, replay.state());
        head.set("fly-replay-cache-status", bypassed ? "bypass" : "miss");
        Set<String> target = new HashSet<>(replay.regions());
        event.with("to", replay.instance().or(replay::preferInstance).orElse(String.join(",", target)));
        return Route.of(replay, Route.Kind.REPLAY, app, entrance.service().port(), issuer);
    }

    private Event event(String kind) {
        return Event.of(kind)
                .with("request", id)
                .with("edge", region)
                .with("method", head.method())
                .with("path", head.target());
    }

    private static void close(MachineLink link) {
        try {
            link.close();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    private static long since(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
}
