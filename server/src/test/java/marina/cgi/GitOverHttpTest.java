package marina.cgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CGI program of the real world: git's own server, used by git's own client. */
class GitOverHttpTest {
    @TempDir
    private Path base;

    @Test
    void cloneAndPush() throws Exception {
        Optional<Path> backend = Stream.of("/usr/lib/git-core", "/usr/libexec/git-core", "/usr/local/libexec/git-core")
                .map(folder -> Path.of(folder, "git-http-backend"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(backend.isPresent(), "git is not installed");
        MarinaUnderTest.write(base, "conf/staff", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        git("init", "-q", "--bare", "repositories/shop.git");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /git:
                    auth: { htpasswd: conf/staff }
                    cgi:
                      script: %s
                      directory: repositories
                      env: { GIT_PROJECT_ROOT: "${base}/repositories", GIT_HTTP_EXPORT_ALL: "1" }
                """
                        .formatted(backend.orElseThrow()))) {
            String url = marina.uri("/git/shop.git").toString();
            String asAnna = url.replace("://", "://anna:test@");
            git("clone", "-q", asAnna, "one");
            byte[] large = new byte[5 << 20]; // git sends what is more than 1 MB in chunks
            new java.util.Random(1).nextBytes(large);
            Files.write(base.resolve("one/large"), large);
            git("-C", "one", "add", "large");
            git("-C", "one", "commit", "-q", "-m", "A large file");
            git("-C", "one", "push", "-q", "origin", "HEAD:refs/heads/main");
            git("clone", "-q", "-b", "main", asAnna, "two");

            assertThat(Files.readAllBytes(base.resolve("two/large"))).isEqualTo(large);
            assertThat(run("clone", "-q", url, "three")).isNotZero();
        }
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        assertThat(run(arguments))
                .as("git " + String.join(" ", arguments) + ": " + Files.readString(base.resolve("git.log")))
                .isZero();
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("git", "-c", "user.name=Anna", "-c", "user.email=anna@shop.test", "-c", "credential.helper="));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(base.toFile())
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("git.log").toFile());
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("HOME", base.toString());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
