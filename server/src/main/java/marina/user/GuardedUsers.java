package marina.user;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Users, whose passwords an address has to wait for that has brought too many wrong ones. Thread-safe. */
public final class GuardedUsers {
    /** How long an address has to wait. */
    public static final Duration WAIT = Throttle.WINDOW;

    private static final Logger LOG = LoggerFactory.getLogger(GuardedUsers.class);
    private static final Duration LONGEST_VERDICT = Duration.ofSeconds(30);

    private final Users users;
    private final Throttle throttle;

    GuardedUsers(Users users, Throttle throttle) {
        this.users = users;
        this.throttle = throttle;
    }

    /**
     * Asks whether a password is right; does not block.
     *
     * @param address from which the password came
     * @return the answer, perhaps later; null when that address has to wait because of wrong passwords before
     */
    public @Nullable CompletableFuture<Boolean> ask(String user, String password, String address) {
        CompletableFuture<Boolean> verdict = users.remembered(user, password);
        if (verdict != null) {
            return isRight(verdict)
                    ? verdict
                    : verdict.whenComplete((right, failure) -> count(right, failure, address));
        }
        if (throttle.blocks(address) || !throttle.begin(address)) {
            return null;
        }
        return users.verify(user, password).whenComplete((right, failure) -> {
            throttle.end(address);
            count(right, failure, address);
        });
    }

    private void count(@Nullable Boolean right, @Nullable Throwable failure, String address) {
        if (failure == null && !Boolean.TRUE.equals(right)) {
            throttle.failed(address);
        }
    }

    /** Whether it is known already that the password is right. */
    public static boolean isRight(CompletableFuture<Boolean> verdict) {
        return verdict.isDone() && !verdict.isCompletedExceptionally() && verdict.join();
    }

    /** Whether it turns out that the password is right; blocks until that is known, at most half a minute. */
    public static boolean awaitRight(CompletableFuture<Boolean> verdict) {
        try {
            return verdict.get(LONGEST_VERDICT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("A password could not be verified: {}", e.toString());
            return false;
        }
    }

    /** What a user is recognised by; another one when the password has changed. Empty for who has no password here. */
    public CompletableFuture<Optional<String>> mark(String user) {
        return users.mark(user);
    }

    /** As {@link #mark}, but at once; may block while the files are read. */
    public Optional<String> markNow(String user) {
        return users.now().mark(user);
    }

    /** Whether there is a user with a password and one of these roles; may block while the files are read. */
    public boolean hasAnyWith(Set<String> roles) {
        UserTable table = users.now();
        return table.users().keySet().stream().anyMatch(name -> table.roles().getOrDefault(name, Set.of()).stream()
                .anyMatch(roles::contains));
    }

    /** The roles that a user has now, whoever has verified the user; may block while the files are read. */
    public Set<String> roles(String user) {
        return users.now().roles().getOrDefault(user, Set.of());
    }
}
