package marina.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.config.Directories;
import marina.config.UsersConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who enters by an htpasswd file. */
class PasswordsTest {
    @TempDir
    private Path folder;

    /** All of the password "test", made by htpasswd, openssl passwd, mkpasswd and slappasswd's rule. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$1$sVK/8/q2$7Hrj8TYfedUPplE8fmW5p0",
                "$apr1$q2WDqVQt$9/qEvVp7jrDoxIU4DVsHG/",
                "$5$RO45GdktYFmmaFin$tmRnqUZlYOqMdBq6lmf9.h3eoEZ5P7z6Id9M5g/zou0",
                "$6$JnvF2A7bh/PiiRas$Y/4wyYXjfINcuPNOudDXMAC9RqD3HYANOZcKHtvqeuf9kCy5Il9lbxRA1vL9qPwYxELROEQo8CW4wwd7kBp6M0",
                "$2y$04$yFNH/q3F6XPeRJKDmSLyre.oQl/mOBBFzs1v1OVBnUsrw3U410/5O",
                "$5$rounds=1500$saltstring$cb5lYsE/P5o2Gz8i3P8hW0MZM9jRXJtI1OgAQK2Uwp7",
                "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=",
                "{SSHA}LzwoVjIf4lYnglQVuvdQOPVHwxpzYWx0eQ=="
            })
    void eachHashLetsInItsPasswordAndNoOther(String hash) throws IOException {
        Users passwords = passwords("anna:" + hash + "\n");

        assertThat(passwords.verify("anna", "test").join()).isTrue();
        assertThat(passwords.verify("anna", "tesT").join()).isFalse();
        assertThat(passwords.verify("berta", "test").join()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "", "$apr1$", "{PLAIN}test", "abJnggxhB/yWI", "$2y$10$short", "*", "!"})
    void whatIsNoHashLetsNobodyIn(String text) throws IOException {
        Users passwords = passwords("anna:" + text + "\n");

        assertThat(passwords.verify("anna", text).join()).isFalse();
        assertThat(passwords.verify("anna", "test").join()).isFalse();
    }

    @Test
    void whoCannotBeLookedIntoNowMayTryAgain() throws IOException {
        AtomicBoolean busy = new AtomicBoolean(true);
        Path file = Files.writeString(folder.resolve("htpasswd"), "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        Users passwords = new Users(UsersConfig.ofHtpasswd(file), new Directories(folder, folder), task -> {
            if (busy.get()) {
                throw new RejectedExecutionException("busy");
            }
            task.run();
        });
        assertThat(passwords.verify("anna", "test")).isCompletedExceptionally();
        assertThat(passwords.mark("anna")).isCompletedExceptionally();

        busy.set(false);

        assertThat(passwords.verify("anna", "test").join()).isTrue();
    }

    @Test
    void aChangeOfTheFileCountsAtOnce() throws IOException {
        Users passwords = passwords("# staff\n\n anna :{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        assertThat(passwords.verify("anna", "test").join()).isTrue();
        assertThat(passwords.remembered("anna", "test")).isCompletedWithValue(true);

        write("berta:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=:mail@example.org\n");

        assertThat(passwords.remembered("anna", "test")).isNull();
        assertThat(passwords.verify("anna", "test").join()).isFalse();
        assertThat(passwords.verify("berta", "test").join()).isTrue();
    }

    @Test
    void nobodyEntersWithoutTheFile() throws IOException {
        Users passwords = passwords("anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        assertThat(passwords.verify("anna", "test").join()).isTrue();

        Files.delete(folder.resolve("htpasswd"));

        assertThat(passwords.verify("anna", "test").join()).isFalse();
    }

    @Test
    void aWrongPasswordIsNotRemembered() throws IOException {
        Users passwords = passwords("anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");

        assertThat(passwords.verify("anna", "wrong").join()).isFalse();

        assertThat(passwords.remembered("anna", "wrong")).isNull();
    }

    private Users passwords(String lines) throws IOException {
        write(lines);
        return new Users(
                UsersConfig.ofHtpasswd(folder.resolve("htpasswd")),
                new Directories(folder, folder),
                ForkJoinPool.commonPool());
    }

    private void write(String lines) throws IOException {
        Files.writeString(folder.resolve("htpasswd"), lines);
    }
}
