package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of settings are shown without what is secret in them, and otherwise as they are written. */
class MaskedSettingsTest {

    /** Each holds its secret in parts, so that a tail of it is found. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:\n  password: hun,ter2\nnext: 1\n",
                "a:\n  password: hun#ter2 ter2\nnext: 1\n",
                "a: { password: \"hun,ter2\", b: 1 }\nnext: 1\n",
                "a: { password: \"hun\\\"ter2\", b: 1 }\nnext: 1\n",
                "a: { 'client_secret' : 'hun''ter2', b: 1 }\nnext: 1\n",
                "password:\n  hunter2\nnext: 1\n",
                "password:\n  \"hun\n   ter2\"\nnext: 1\n",
                "password: hun\n  ter2\nnext: 1\n",
                "API_KEY: |\n  hun\n\n  ter2\nnext: 1\n",
                "API_KEY: >-\n  hun\n  ter2\nnext: 1\n",
                "API_KEY: !!str hunter2\nnext: 1\n",
                "tokens: [ hun, 'ter2' ]\nnext: 1\n",
                "tokens:\n  - hun\n  - ter2\nnext: 1\n",
                "secrets: { one: hun, two: { three: ter2 } }\nnext: 1\n",
                "base: &it hunter2\npassword: *it\nnext: 1\n",
                "env: [ \"DB_PASSWORD=hun, ter2\", B=1 ]\nnext: 1\n",
                "command: [run, '--token=hun ter2']\nnext: 1\n",
                "url: 'jdbc:x://db/a?user=b&password=hun#ter2'\nnext: 1\n",
                "url: https://sam:hun:ter2@example.com/\nnext: 1\n",
                "# password: hun, ter2\nnext: 1\n",
                "a: 1 # was: { token: hun, ter2\nnext: 1\n",
                "\u007f\ud83d\ude00: 1\npassword: hunter2\nnext: 1\n",
                "x: [broken\npassword: hun,\n  ter2\nnext: 1\n",
                "x: [broken\npassword: |\n  hun\n\n  ter2\nnext: 1\n",
            })
    void nothingOfASecretIsLeft(String yaml) {
        assertThat(Secrets.maskSettings(yaml))
                .doesNotContain("hun")
                .doesNotContain("ter2")
                .contains("***")
                .endsWith("\nnext: 1\n");
    }

    @Test
    void theRestIsAsItIsWritten() {
        String yaml =
                """
                # what it is for, and who may use it
                listen: "127.0.0.1:0"   # here
                auth: { htpasswd: conf/users, public: ['*.css', "#a"] }
                contexts:
                  /a:
                    command: [run, "it's # no comment: password", '--port=${port}']
                    env:
                      MODE: fast
                      API_TOKEN: ${TOKEN}
                      EMPTY_KEY:
                      OTHER_TOKEN: "${TOKEN}"
                    text: |
                      two

                      lines
                """;
        assertThat(Secrets.maskSettings(yaml)).isEqualTo(yaml);
        assertThat(Secrets.maskSettings("")).isEmpty();
    }

    @Test
    void onlyTheValueOfASecretGoes() {
        assertThat(Secrets.maskSettings("a: { password: \"x, y\", b: 1 } # c\nd: { TOKEN: z }\n"))
                .isEqualTo("a: { password: ***, b: 1 } # c\nd: { TOKEN: *** }\n");
        assertThat(Secrets.maskSettings("key: |\n  a\n  b\nc: 1\n")).isEqualTo("key: ***\nc: 1\n");
    }
}
