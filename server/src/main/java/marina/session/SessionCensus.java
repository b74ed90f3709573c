package marina.session;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one version of an application, whether it runs or not: whether it has one, and how many. Sessions of a process
 * of its own are known as far as they are kept. Thread-safe.
 */
public final class SessionCensus {
    /** What an application that does not host sessions here has. */
    public static final SessionCensus NONE = new SessionCensus(Set::of, null, Duration.ZERO);

    private final Supplier<Set<LiveSessions>> running;
    private final @Nullable SessionShelf shelf;
    private final Duration rest;
    private volatile long nextLook = System.nanoTime();

    /**
     * A census.
     *
     * @param running the generations that run in this JVM
     * @param shelf where the sessions are kept; null for memory alone
     * @param rest for so long after a look {@link #isEmpty} takes it that there still are some
     */
    SessionCensus(Supplier<Set<LiveSessions>> running, @Nullable SessionShelf shelf, Duration rest) {
        this.running = running;
        this.shelf = shelf;
        this.rest = rest;
    }

    /**
     * Whether there is such a session, as far as memory tells.
     *
     * @return empty when {@link #isKept} would have to be asked
     */
    public Optional<Boolean> inMemory(String id) {
        boolean ended = false;
        for (LiveSessions sessions : running.get()) {
            Optional<Boolean> lives = sessions.lives(id);
            if (lives.isPresent() && lives.get()) {
                return lives;
            }
            ended |= lives.isPresent();
        }
        return ended || shelf == null ? Optional.of(false) : Optional.empty();
    }

    /**
     * Whether such a session is kept. Asks the disk or the database.
     *
     * @throws IOException when that does not answer
     */
    public boolean isKept(String id) throws IOException {
        return shelf != null && shelf.lives(id, System.currentTimeMillis());
    }

    /**
     * Whether there are any sessions. May ask the disk or the database.
     *
     * @throws IOException when that does not answer
     */
    public boolean isEmpty() throws IOException {
        if (!rest.isZero() && System.nanoTime() - nextLook < 0) {
            return false;
        }
        boolean empty = count(1) == 0;
        if (!empty) {
            nextLook = System.nanoTime() + rest.toNanos();
        }
        return empty;
    }

    /** For how long nobody has used each of the sessions that are in memory here. */
    public List<Duration> idle() {
        return running.get().stream()
                .flatMap(sessions -> sessions.idle().stream())
                .toList();
    }

    /** How long a session lasts without use, as far as the application runs here; zero or less for ever. */
    public Optional<Duration> timeout() {
        return running.get().stream().map(LiveSessions::timeout).findFirst();
    }

    /**
     * Ends the sessions in memory here that nobody has used for so long. Runs code of the application.
     *
     * @return how many
     */
    public int end(Duration idle) {
        return running.get().stream().mapToInt(sessions -> sessions.end(idle)).sum();
    }

    /**
     * How many sessions there are: those that are kept, or those in memory where these are more. Asks the disk or the database.
     *
     * @param most counts no further
     * @throws IOException when that does not answer
     */
    public long count(long most) throws IOException {
        long inMemory = 0;
        for (LiveSessions sessions : running.get()) {
            inMemory = Math.max(inMemory, sessions.living(most));
        }
        return shelf == null || inMemory >= most
                ? inMemory
                : Math.max(inMemory, shelf.living(System.currentTimeMillis(), most));
    }
}
