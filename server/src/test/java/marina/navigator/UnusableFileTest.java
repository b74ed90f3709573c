package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator that cannot be used: the message names its line and its key, not those of the translation. */
class UnusableFileTest {
    @TempDir
    private Path base;

    private String problems(String yaml) {
        return new NavigatorBed(base).navigator(yaml).problems();
    }

    @Test
    void itsSyntaxIsWrong() {
        assertThat(problems("server: [unclosed\n")).startsWith("config/navigator.yml:2:1: is not valid YAML");
        assertThat(problems("server: {listen: 1}\nserver: {listen: 2}\n")).contains(":2:1: server: is written twice");
    }

    @Test
    void itIsNotThere() throws IOException {
        NavigatorBed bed = new NavigatorBed(base);
        assertThat(bed.problems()).contains("config/navigator.yml: does not exist");
        Files.createDirectories(base.resolve(NavigatorBed.FILE));
        assertThat(bed.problems()).contains("config/navigator.yml: cannot be read");
    }

    @Test
    void aValueHasAnotherForm() {
        assertThat(problems("server:\n  listen: 99999\n")).startsWith("config/navigator.yml:2:11: server.listen: ");
        assertThat(problems("server:\n  static: here\n"))
                .startsWith("config/navigator.yml:2:11: server.static: \"here\" stands where keys with values");
        assertThat(problems("server: {}\napplications:\n  tenants:\n    - { path: [a] }\n"))
                .startsWith("config/navigator.yml:4:15: applications.tenants[0].path: a list stands where");
        assertThat(problems("server: {}\nauth: { enabled: maybe }\n"))
                .startsWith("config/navigator.yml:2:18: auth.enabled: \"maybe\" is neither true nor false");
    }

    @Test
    void aPatternIsNone() {
        // There the rule vanishes: a redirect, a replay or a door for the public.
        assertThat(problems("server: {}\nroutes:\n  redirects: [{ from: '(', to: /a }]\n"))
                .startsWith("config/navigator.yml:3:23: routes.redirects[0].from: ")
                .contains("is not an RE2 pattern");
        assertThat(problems("server: {}\nroutes:\n  fly: { replay: [{ path: '[', region: syd }] }\n"))
                .startsWith("config/navigator.yml:3:27: routes.fly.replay[0].path: ");
    }

    @Test
    void aTargetIsNoServer() {
        // There each request gets 502.
        for (String target : new String[] {"'http://127.0.0.1:99999'", "'://nothing'", "'ftp://a.test'"}) {
            assertThat(problems("server: {}\nroutes:\n  reverse_proxies: [{ prefix: /a, target: " + target + " }]\n"))
                    .as(target)
                    .startsWith("config/navigator.yml:3:43: routes.reverse_proxies[0].target: ");
        }
    }
}
