package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator whose arguments do not say where Rails is to listen: in production it would for everybody. */
class BindingTest {
    @TempDir
    private Path base;

    private MarinaUnderTest start(String env, Map<String, String> ofMarina) {
        String app =
                Path.of("src/test/resources/apps/tenant.js").toAbsolutePath().toString();
        new NavigatorBed(base)
                .navigator(
                        """
                        server: {listen: LISTEN}
                        applications:
                          framework: {command: node, args: [%s, server, -p, '${port}'], app_directory: ., port_env_var: PORT}
                          health_check: /up
                          env: {RAILS_ENV: production%s}
                          tenants:
                            - {path: /one/}
                            - {path: /own/, env: {BINDING: '::1'}}
                        """
                                .formatted(app, env));
        return MarinaUnderTest.startFile(base, NavigatorBed.FILE, ofMarina);
    }

    @Test
    void itIsToldToListenForThisMachineAlone() {
        try (MarinaUnderTest marina = start("", Map.of())) {
            assertThat(marina.get("/one/env").body()).contains("\"BINDING\":\"127.0.0.1\"");
            assertThat(marina.get("/own/env").body()).contains("\"BINDING\":\"::1\"");
        }
    }

    @Test
    void whatTheFileOrTheEnvironmentSaysCounts() {
        try (MarinaUnderTest marina = start(", BINDING: 0.0.0.0", Map.of("BINDING", "127.0.0.2"))) {
            assertThat(marina.get("/one/env").body()).contains("\"BINDING\":\"0.0.0.0\"");
        }
        try (MarinaUnderTest marina = start("", Map.of("BINDING", "127.0.0.2"))) {
            assertThat(marina.get("/one/env").body()).contains("\"BINDING\":\"127.0.0.2\"");
        }
    }
}
