package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who asks for passwords and then opens every path is warned: "/" in auth.public is a folder, not the front page. */
@SuppressWarnings("NullAway.Init")
class OpenDoorTest {
    @TempDir
    Path base;

    private Instance instance;

    @BeforeEach
    void users() {
        instance = new Instance(base).file("conf/htpasswd", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=");
    }

    private List<String> warnings(String yaml) {
        List<String> warnings = new ArrayList<>();
        instance.server(yaml)
                .loader(UnsupportedKeys.CURRENT)
                .load(base.resolve("conf/server.yml"), warning -> warnings.add(warning.toString()));
        return warnings;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "^/", "^", "^.*$", "^/.*"})
    void thatOpensEverything(String rule) {
        assertThat(warnings("auth:\n  htpasswd: conf/htpasswd\n  public: [\"/assets/\", \"" + rule + "\"]\n"))
                .containsExactly("conf/server.yml:3:11: warning: auth.public: \"" + rule
                        + "\" opens every path, so that nobody is"
                        + " asked for a password here; write what may be open, e.g. \"/assets/\", or \"^/$\" for the page"
                        + " at / alone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/", "*.css", "^/$", "^/[a-z]+/?$", "/index.html", "^/assets/"})
    void thatOpensSomething(String rule) {
        assertThat(warnings("auth: { htpasswd: conf/htpasswd, public: [\"" + rule + "\"] }"))
                .isEmpty();
    }

    @Test
    void contextsAreLookedAtByThemselves() {
        String door = "auth: { htpasswd: conf/htpasswd, public: [\"/show/shop/\"] }";
        assertThat(warnings("base_path: /show\n" + door + "\ncontexts:\n  /docs: { files: conf }\n"
                        + "  /shop: { files: conf, " + door + " }\n"))
                .singleElement()
                .asString()
                .startsWith("conf/server.yml:5:")
                .contains("contexts./shop.auth.public: ", "\"^/show/shop/$\" for the page at /show/shop/ alone");
        assertThat(warnings("base_path: /show\nauth: { htpasswd: conf/htpasswd, public: \"/show/\" }"))
                .hasSize(1);
    }
}
