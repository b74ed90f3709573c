package marina.valve;

import java.util.concurrent.CompletableFuture;
import marina.login.PasswordCheck;
import org.jspecify.annotations.Nullable;

/** Passwords, for which an address has to wait that has brought too many wrong ones. Thread-safe. */
final class GuardedPasswords implements PasswordCheck {
    private final Passwords passwords;
    private final Throttle throttle;

    GuardedPasswords(Passwords passwords, Throttle throttle) {
        this.passwords = passwords;
        this.throttle = throttle;
    }

    @Override
    public @Nullable CompletableFuture<Boolean> ask(String user, String password, String address) {
        CompletableFuture<Boolean> verdict = passwords.remembered(user, password);
        if (verdict != null) {
            return isRight(verdict)
                    ? verdict
                    : verdict.whenComplete((right, failure) -> count(right, failure, address));
        }
        if (throttle.blocks(address) || !throttle.begin(address)) {
            return null;
        }
        return passwords.verify(user, password).whenComplete((right, failure) -> {
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
    static boolean isRight(CompletableFuture<Boolean> verdict) {
        return verdict.isDone() && !verdict.isCompletedExceptionally() && verdict.join();
    }
}
