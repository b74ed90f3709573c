package example.gameserver;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One player's end of the WebSocket. Browsers send one line of text for each thing that happens:
 *
 * <pre>
 * steer X Y    sail there          name TEXT    be called so
 * say TEXT     to everybody        beat TEXT    comes back: to measure, and to show that one is alive
 * </pre>
 *
 * Anything else ends the connection, and so do more than 60 lines a second.
 */
public final class LiveEndpoint extends Endpoint {
    private static final int LONGEST_MESSAGE = 1024;
    private static final int MESSAGES_PER_SECOND = 60;
    /** Browsers beat four times as often. */
    private static final long SILENCE_MILLIS = 60_000;

    private static final Pattern LINE = Pattern.compile("(steer|say|name|beat) (.*)", Pattern.DOTALL);
    private static final Pattern POINT = Pattern.compile("(-?[0-9]{1,5}) (-?[0-9]{1,5})");

    private final Arena arena;
    private final Allowance messages = new Allowance(2 * MESSAGES_PER_SECOND, MESSAGES_PER_SECOND, System.nanoTime());
    private volatile @Nullable Player player;

    LiveEndpoint(Arena arena) {
        this.arena = arena;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        session.setMaxTextMessageBufferSize(LONGEST_MESSAGE);
        session.setMaxBinaryMessageBufferSize(LONGEST_MESSAGE);
        session.setMaxIdleTimeout(SILENCE_MILLIS);
        arena.join(new Outbox(session)).ifPresent(joined -> {
            player = joined;
            session.addMessageHandler(String.class, line -> hear(joined, line));
        });
    }

    /** The container calls this for one message after the other. */
    private void hear(Player from, String line) {
        if (!messages.take(System.nanoTime())) {
            from.outbox.close(Farewell.TOO_FAST);
            return;
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            from.outbox.close(Farewell.NONSENSE);
            return;
        }
        String rest = matcher.group(2);
        switch (matcher.group(1)) {
            case "steer" -> steer(from, rest);
            case "say" -> arena.say(from, rest);
            case "name" -> arena.rename(from, rest);
            default -> {
                from.outbox.newest(Outbox.Kind.BEAT, Messages.beat(rest));
                from.outbox.flush();
            }
        }
    }

    private void steer(Player from, String to) {
        Matcher point = POINT.matcher(to);
        if (point.matches()) {
            arena.steer(from, Integer.parseInt(point.group(1)), Integer.parseInt(point.group(2)));
        } else {
            from.outbox.close(Farewell.NONSENSE);
        }
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        Player leaving = player;
        if (leaving != null) {
            arena.leave(leaving);
        }
    }

    /** Connections break every day: the container closes, and the browser comes back. */
    @Override
    public void onError(Session session, Throwable failure) {}
}
