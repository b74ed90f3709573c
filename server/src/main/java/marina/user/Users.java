package marina.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import marina.config.Directories;
import marina.config.UsersConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who may enter by an htpasswd file or one in YAML, and who has which roles. The files are looked at with each question,
 * so that a user who is taken out is out at once; when they cannot be read, nobody enters; while the one in YAML has mistakes,
 * those go on that were in it before. A password that was verified is remembered for some minutes, as a keyed
 * digest and only for as long as the files do not change, because its hash is meant to be slow. Thread-safe.
 */
final class Users {
    private static final Logger LOG = LoggerFactory.getLogger(Users.class);

    private static final String DIGEST = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int MOST_REMEMBERED = 10_000;
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

    private final UsersConfig source;
    private final Directories directories;
    private final String shown;
    private final Executor executor;
    private final byte[] key = new byte[KEY_BYTES];
    private final Cache<String, CompletableFuture<Boolean>> remembered = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();
    private volatile Snapshot snapshot = new Snapshot(Stamp.NEVER, UserTable.EMPTY);

    /**
     * The users of some files.
     *
     * @param directories what their names are relative to, in messages
     * @param executor runs what is slow: reading the files, hashing
     */
    Users(UsersConfig source, Directories directories, Executor executor) {
        this.source = source;
        this.directories = directories;
        this.shown = directories.display(source.passwords());
        this.executor = executor;
        new SecureRandom().nextBytes(key);
    }

    /** The answer to a question that has been asked before, or is being looked into; null when it has not. */
    @Nullable
    CompletableFuture<Boolean> remembered(String user, String password) {
        return remembered.getIfPresent(digest(Stamp.of(source), user, password));
    }

    /**
     * Whether the user has this password. Requests that ask for the same at once share one answer, which comes on a thread of
     * the executor. Fails only when that refuses.
     */
    CompletableFuture<Boolean> verify(String user, String password) {
        Stamp stamp = Stamp.of(source);
        String question = digest(stamp, user, password);
        CompletableFuture<Boolean> fresh = new CompletableFuture<>();
        CompletableFuture<Boolean> other = remembered.asMap().putIfAbsent(question, fresh);
        if (other != null) {
            return other;
        }
        var unused = later(() -> matches(stamp, user, password)).whenComplete((right, failure) -> {
            if (!Boolean.TRUE.equals(right)) {
                remembered.asMap().remove(question, fresh); // a wrong one is asked anew, and counted anew
            }
            if (failure == null) {
                fresh.complete(right);
            } else {
                fresh.completeExceptionally(failure);
            }
        });
        return fresh;
    }

    /** What a user is recognised by; another one when the password has changed. Empty for who is not in the file. */
    CompletableFuture<Optional<String>> mark(String user) {
        Stamp stamp = Stamp.of(source);
        Snapshot current = snapshot;
        return current.stamp.equals(stamp)
                ? CompletableFuture.completedFuture(current.users.mark(user))
                : later(() -> users(stamp).mark(user));
    }

    /** The users as they are now; reads the files when they have changed, which may block. */
    UserTable now() {
        return users(Stamp.of(source));
    }

    private <T> CompletableFuture<T> later(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(question, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private boolean matches(Stamp stamp, String user, String password) {
        Map<String, PasswordHash> users = users(stamp).users();
        PasswordHash hash = users.get(user);
        if (hash == null) {
            // Takes as long as for somebody who exists, so that the time does not tell who does.
            users.values().stream().findFirst().ifPresent(other -> other.matches(password));
            return false;
        }
        return hash.matches(password);
    }

    private UserTable users(Stamp stamp) {
        Snapshot current = snapshot;
        if (!current.stamp.equals(stamp)) {
            current = new Snapshot(stamp, read(current.users));
            snapshot = current;
        }
        return current.users;
    }

    private UserTable read(UserTable before) {
        try {
            UserTable users = UserTable.read(source, directories);
            if (users.broken()) {
                users.problems().forEach(problem -> LOG.error("{}; the users stay as they were before", problem));
                return before;
            }
            users.problems().forEach(LOG::warn);
            if (users.users().isEmpty()) {
                LOG.error("{} holds no user that could enter; write one with marina.sh htpasswd", shown);
            }
            return users;
        } catch (IOException e) {
            LOG.error("The users in {} cannot be read, nobody can enter: {}", shown, e.toString());
            return UserTable.EMPTY;
        }
    }

    private String digest(Stamp stamp, String user, String password) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(new SecretKeySpec(key, DIGEST));
            String question = stamp + "\0" + user + "\0" + password;
            return Base64.getEncoder().encodeToString(mac.doFinal(question.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + DIGEST, e);
        }
    }

    private record Snapshot(Stamp stamp, UserTable users) {}

    /** Tells one content of the files from the next: editors make a new file, others change time or size. */
    private record Stamp(List<List<Object>> files) {
        static final Stamp NEVER = new Stamp(List.of());

        static Stamp of(UsersConfig source) {
            return new Stamp(source.files().map(Stamp::of).toList());
        }

        private static List<Object> of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                Object key = attributes.fileKey();
                return List.of(
                        attributes.size(),
                        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                        key == null ? "" : key);
            } catch (IOException e) {
                return List.of("absent");
            }
        }
    }
}
