package example.gameserver;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The players of one mounted context, what they have said, and the sea that they sail on. What players do between two ticks
 * becomes one picture for everybody, however many do something. Without players nothing ticks and there is no thread, so that
 * the context may idle. Safe for all threads; nothing is sent under the lock.
 */
final class Arena implements AutoCloseable {
    private static final int LINES_KEPT = 50;
    private static final long TICK_MILLIS = 40;
    /** After a pause of the machine the game goes on where it was. */
    private static final double LONGEST_STEP = 0.1;

    private final Settings settings;
    private final ServletContext log;
    private final String epoch = UUID.randomUUID().toString();
    private final ScheduledThreadPoolExecutor clock;
    private final Object lock = new Object();
    // guarded by lock:
    private final Sea sea = new Sea(new SplittableRandom());
    private final Map<Integer, Player> players = new LinkedHashMap<>();
    private final Deque<Messages.Line> lines = new ArrayDeque<>();
    private @Nullable ScheduledFuture<?> ticking;
    private boolean open = true;
    private boolean everythingIsDue;
    private int lastId;
    private long lastLine;
    private long lastTick;

    Arena(Settings settings, ServletContext log) {
        this.settings = settings;
        this.log = log;
        this.clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "arena-" + settings.arena());
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clock.setKeepAliveTime(5, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
    }

    /** A new player with the last lines of the chat before him; nobody, and a farewell, when there is no seat. */
    Optional<Player> join(Outbox outbox) {
        Farewell refusal;
        Player player = null;
        synchronized (lock) {
            refusal = open ? Farewell.FULL : Farewell.GOING;
            if (open && players.size() < settings.seats()) {
                long now = System.nanoTime();
                int id = ++lastId;
                player = new Player(id, outbox, sea.launch(id), now);
                players.put(id, player);
                outbox.line(Messages.welcome(settings, epoch, player, players.values(), lines));
                everythingIsDue = true;
                startTicking(now);
            }
        }
        if (player == null) {
            outbox.close(refusal);
        } else {
            outbox.flush();
        }
        return Optional.ofNullable(player);
    }

    /** Takes somebody off the sea; once more does no harm. */
    void leave(Player player) {
        synchronized (lock) {
            if (players.remove(player.id) == null) {
                return;
            }
            sea.sink(player.id);
            everythingIsDue = true;
            if (players.isEmpty() && ticking != null) {
                ticking.cancel(false);
                ticking = null;
            }
        }
    }

    void steer(Player player, int x, int y) {
        synchronized (lock) {
            player.lastActed = System.nanoTime();
            sea.steer(player.id, x, y);
        }
    }

    /** The name is told with the next tick; one that somebody has already gets a number. */
    void rename(Player player, String typed) {
        String wanted = Words.name(typed);
        speak(player, now -> {
            if (!wanted.isEmpty()) {
                player.name = unique(wanted, player);
                everythingIsDue = true;
            }
        });
    }

    void say(Player player, String typed) {
        String text = Words.line(typed);
        List<Player> hearers = new ArrayList<>();
        speak(player, now -> {
            if (text.isEmpty()) {
                return;
            }
            Messages.Line line =
                    new Messages.Line(++lastLine, player.name, player.colour(), text, System.currentTimeMillis());
            lines.add(line);
            if (lines.size() > LINES_KEPT) {
                lines.remove();
            }
            hearers.addAll(players.values());
            String message = Messages.line(line);
            hearers.forEach(hearer -> hearer.outbox.line(message));
        });
        hearers.forEach(hearer -> hearer.outbox.flush());
    }

    /** Does something under the lock, if the player has not spoken too often. */
    private void speak(Player player, Consumer<Long> action) {
        synchronized (lock) {
            long now = System.nanoTime();
            player.lastActed = now;
            if (player.speech.take(now)) {
                action.accept(now);
                return;
            }
        }
        player.outbox.newest(Outbox.Kind.HINT, Messages.hint("Not so fast: wait a second, then say it again."));
        player.outbox.flush();
    }

    private String unique(String wanted, Player whose) {
        String name = wanted;
        for (int number = 2; isTaken(name, whose); number++) {
            name = wanted + " " + number;
        }
        return name;
    }

    private boolean isTaken(String name, Player except) {
        return players.values().stream().anyMatch(other -> other != except && other.name.equalsIgnoreCase(name));
    }

    private void startTicking(long now) {
        if (ticking == null) {
            lastTick = now;
            ticking = clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        try {
            List<Player> away = new ArrayList<>();
            List<Player> present = advance(away);
            present.forEach(player -> player.outbox.flush());
            away.forEach(player -> {
                leave(player);
                player.outbox.close(Farewell.AWAY);
            });
        } catch (RuntimeException e) {
            // A task that throws is never run again, and the arena would stand still.
            log.log("A tick of arena " + settings.arena() + " failed", e);
        }
    }

    private List<Player> advance(List<Player> away) {
        synchronized (lock) {
            long now = System.nanoTime();
            Sea.Change change = sea.sail(Math.min(LONGEST_STEP, (now - lastTick) / 1e9));
            lastTick = now;
            if (everythingIsDue || change == Sea.Change.SCORES) {
                send(Outbox.Kind.PLAYERS, Messages.players(players.values()));
            }
            if (everythingIsDue || change != Sea.Change.NOTHING) {
                send(Outbox.Kind.PICTURE, Messages.picture(sea));
            }
            everythingIsDue = false;
            for (Player player : players.values()) {
                if (Duration.ofNanos(now - player.lastActed).compareTo(settings.awayAfter()) > 0) {
                    away.add(player);
                }
            }
            return List.copyOf(players.values());
        }
    }

    private void send(Outbox.Kind kind, String message) {
        players.values().forEach(player -> player.outbox.newest(kind, message));
    }

    /** Sends everybody off; players find their way back when the arena opens again. */
    @Override
    public void close() {
        List<Player> present;
        synchronized (lock) {
            open = false;
            present = List.copyOf(players.values());
        }
        clock.shutdownNow();
        present.forEach(player -> player.outbox.close(Farewell.GOING));
    }
}
