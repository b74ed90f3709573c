package marina.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import marina.context.ContextLogs;
import marina.context.MountedContext;
import marina.server.MarinaServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of log files. Those that are followed are looked at twice a second, as long as somebody does. Thread-safe. */
final class LogPaths {
    private static final Logger LOG = LoggerFactory.getLogger(LogPaths.class);
    private static final long INTERVAL_MILLIS = 500;
    private static final int MOST_LINES = 5_000;
    private static final int USUAL_LINES = 200;
    private static final int MOST_FOLLOWERS = 100;

    private final MarinaServer server;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledFuture<?> task; // guarded by this
    private volatile boolean leaving;

    LogPaths(MarinaServer server) {
        this.server = server;
    }

    /** Somebody who follows a file. */
    private static final class Follower {
        /** Shorter than connections may be silent. */
        private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(15);

        private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(2);

        private final LogFile file;
        private final String search;
        private final EventClient client;
        private long position; // used by one look at a time
        private long told = System.nanoTime(); // the same
        private long asked = told; // the same

        Follower(LogFile file, long from, Call call, Set<Follower> all) throws IOException {
            this.file = file;
            this.search = call.optional("search");
            this.client = new EventClient(call, gone -> all.remove(this));
            long end = Files.exists(file.file()) ? Files.size(file.file()) : 0;
            this.position = from < 0 ? end : from;
        }

        void look() throws IOException {
            if (System.nanoTime() - asked > ASK_NANOS) {
                asked = System.nanoTime();
                client.endUnlessAllowed();
            }
            LogFile.Piece piece = file.from(position);
            position = piece.end();
            StringBuilder events = new StringBuilder();
            int last = 0;
            for (String line : piece.lines()) {
                if (LogFile.holds(line, search)) {
                    last = events.length();
                    events.append(EventStream.event("line", file.json(line)));
                }
            }
            if (!events.isEmpty()) { // with the last line of them, so that a client who comes again misses none
                events.insert(last, "id: " + position + "\n");
            }
            if (events.isEmpty() && System.nanoTime() - told > HEARTBEAT_NANOS) {
                events.append(": still here\n\n");
            }
            if (!events.isEmpty()) {
                told = System.nanoTime();
                client.send(events.toString());
            }
        }
    }

    void addTo(Rest rest) {
        rest.add("GET", "/logs", call -> {
            int count = call.number("lines", 1, MOST_LINES, USUAL_LINES);
            long from = position("from", call.optional("from"));
            LogFile file = file(call);
            String search = call.optional("search");
            LogFile.Piece piece =
                    from < 0 ? file.last(count, search) : file.from(from).last(count, search);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("lines", file.json(piece));
            json.put("end", piece.end());
            call.json(json);
        });
        rest.add("GET", "/logs/stream", this::follow);
    }

    /** The last lines of a context's log. */
    static List<Map<String, Object>> last(MarinaServer server, MountedContext context, int count) throws IOException {
        LogFile file = of(server, context);
        return file.json(file.last(count, ""));
    }

    void leave() {
        leaving = true;
        followers.forEach(follower -> follower.client.end());
    }

    private void follow(Call call) throws BadCall, IOException {
        if (followers.size() >= MOST_FOLLOWERS) {
            throw new BadCall(503, "so many logs are followed already: " + followers.size());
        }
        String again = call.request().getHeaders().get("Last-Event-ID"); // WHATWG HTML, 9.2.4
        long from = again == null || again.isEmpty()
                ? position("from", call.optional("from"))
                : position("Last-Event-ID", again);
        Follower follower = new Follower(file(call), from, call, followers);
        follower.client.begin(() -> followers.add(follower));
        synchronized (this) {
            if (leaving) {
                follower.client.end();
            } else if (task == null) {
                task = server.scheduler()
                        .scheduleWithFixedDelay(
                                () -> server.executor().execute(this::look),
                                INTERVAL_MILLIS,
                                INTERVAL_MILLIS,
                                TimeUnit.MILLISECONDS);
            }
        }
    }

    private synchronized void look() {
        if (followers.isEmpty() && task != null) {
            task.cancel(false);
            task = null;
        }
        for (Follower follower : followers) {
            try {
                follower.look();
            } catch (IOException e) {
                LOG.debug("{} could not be followed: {}", follower.file.file(), e.toString());
            }
        }
    }

    /** A place in a file that a client was told of; -1 when it names none. */
    private static long position(String name, String value) throws BadCall {
        if (value.isEmpty()) {
            return -1;
        }
        try {
            long position = Long.parseLong(value);
            if (position >= 0) {
                return position;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadCall(400, name + " is \"" + value + "\"; write the end that an answer of /logs has told");
    }

    private LogFile file(Call call) throws BadCall {
        String path = call.optional("path");
        if (call.flag("server") || path.isEmpty()) {
            Path log = server.host().config().log().directory().resolve("marina.log");
            return new LogFile(log, "server");
        }
        return of(
                server,
                ContextJson.find(server, path)
                        .orElseThrow(() -> new BadCall(404, "no context is mounted at \"" + path + "\"")));
    }

    private static LogFile of(MarinaServer server, MountedContext context) {
        Path directory = server.host().config().log().directory();
        return new LogFile(
                ContextLogs.file(directory, context.path()), context.path().value());
    }
}
