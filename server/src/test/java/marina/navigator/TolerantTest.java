package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file for Navigator with values that cannot mean what they say: what it loads there runs here, and each is named. */
class TolerantTest {
    @TempDir
    private Path base;

    @ParameterizedTest
    @ValueSource(strings = {"999999999", "-1", "0"})
    void theServerAnswersAllTheSame(String maxSize) {
        NavigatorBed bed = new NavigatorBed(base)
                .navigator(
                        """
                        server: {listen: LISTEN, idle: {action: hibernate, timeout: soon}}
                        applications:
                        """
                                + NavigatorBed.NODE
                                + """
                          pools: {max_size: %s, timeout: never}
                          startup_timeout: 5 minutes
                          env: {RAILS_APP_DB: '${database}', DATABASE_URL: '${loop}', RAILS_APP_OWNER: '${nobody}'}
                          tenants:
                            - {path: '/one/', framework: node, var: {database: first, deep: {a: [b]}, loop: '${pool}', pool: '${loop}', none: }}
                            - {path: '/one', framework: node, var: {database: second}}
                            - {path: '/!@#$%%^&*()/', framework: node, var: {database: odd}}
                            - {path: '/%s/', framework: node, var: {database: long}}
                        """
                                        .formatted(maxSize, "x".repeat(1000)));
        try (MarinaUnderTest marina = bed.start()) {
            assertThat(marina.get("/one/x").body())
                    .contains("\"database\":\"first\"", "\"url\":\"${pool}\"", "\"owner\":\"${nobody}\"");
            assertThat(marina.get("/!@%23$%25%5E&*()/x").body()).contains("\"database\":\"odd\"");
            assertThat(marina.get("/" + "x".repeat(1000) + "/x").body()).contains("\"database\":\"long\"");
            assertThat(marina.server().machine().status().state().text()).isEqualTo("running");
        }
        bed.load();
        assertThat(bed.notes().toString())
                .contains("\"hibernate\" is neither suspend nor stop")
                .contains("\"never\" is not a duration", "\"5 minutes\" is not a duration")
                .contains("has the path of an earlier one, /one, which counts")
                .contains("is no single value")
                .contains("${nobody}");
        assertThat(bed.notes().toString().contains("max_size")).isEqualTo(maxSize.equals("-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999", "-1", "seven"})
    void aPortThatThereIsNotIsAnError(String port) {
        // There the file loads, and the program ends when it is to listen.
        assertThat(new NavigatorBed(base)
                        .navigator("server:\n  listen: '" + port + "'\n")
                        .problems())
                .startsWith("config/navigator.yml:2:11: server.listen: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server: {static: {public_dir: \"a\\0b\"}}",
                "server: {cgi_scripts: [{path: /a, script: \"a\\0b\"}]}",
                "auth: {enabled: true, htpasswd: \"a\\0b\"}",
                "maintenance: {enabled: true, page: \"a\\0b\"}",
                "maintenance: {enabled: true, page: \"/a\\0b\"}",
                "hooks: {server: {ready: [{command: \"true\", reload_config: \"a\\0b\"}]}}",
                "logging: {vector: {enabled: true, socket: \"a\\0b\"}}",
                "logging: {file: \"a\\0b/c\"}",
                "static: {directories: [{path: /a/, dir: \"a\\0b\"}]}",
                "applications: {tenants: [{path: /a, root: \"a\\0b\"}]}",
                "applications: {tenants: [{path: /a, public_dir: \"a\\0b\"}]}",
                "applications: {framework: {command: run, app_directory: \"a\\0b\"}, tenants: [{path: /a}]}",
                "applications: {tenants: [{path: /a, runtime: \"a\\0b\"}]}",
                "applications: {env: {A: \"a\\0b\"}, tenants: [{path: /a}]}",
                "managed_processes: [{name: a, command: \"a\\0b\"}]",
                "managed_processes: [{name: a, command: run, working_dir: \"a\\0b\"}]"
            })
    void aCharacterThatNothingCanUseIsNamedWithItsPlace(String yaml) {
        NavigatorBed bed = new NavigatorBed(base).navigator(yaml + "\n");
        String problems = bed.problems();
        assertThat(problems)
                .startsWith("config/navigator.yml:1:")
                .contains("contains a character with the code 0, which nothing can use; remove it");
    }

    @Test
    void suchAByteInTheFileItselfIsNoYaml() {
        assertThat(new NavigatorBed(base).navigator("server: {}\n\0\n").problems())
                .startsWith("config/navigator.yml: is not valid YAML");
    }
}
