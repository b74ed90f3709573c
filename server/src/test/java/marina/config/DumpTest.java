package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpTest {
    @TempDir
    Path base;

    @Test
    void isReadBackAsTheSame() {
        Instance instance = new Instance(base)
                .file("webapps/todo.war", "")
                .file("webapps/ROOT.war", "")
                .file("webapps/market.war", "")
                .file("webapps/market##1.1.war", "")
                .file("webapps/node/Procfile", "web: node --port $PORT\n")
                .file("webapps/site/index.html", "")
                .folder("elsewhere")
                .server(
                        """
                        listen: [{ port: 0, host: "::1" }, 8080]
                        base_path: /all
                        log: { access: '%{client}a "%r" %s' }
                        apps:
                          shop: { command: "run ${port} $${x} 'a b'", vars: { a: 'x"y' }, env: { A: "${a}", B: "yes", C: "", D: "12" } }
                        contexts:
                          /shop: { app: shop, directory: elsewhere, strip_path: true, ready: { status: 200 } }
                          /: { war: todo.war, isolation: process, ee: 11 }
                          /up: { upstream: "https://example.com/x" }
                        """);
        ServerConfig config = instance.load();
        String dump = new ConfigDump(instance.directories()).dump(config);
        assertThat(instance.server(dump).load()).isEqualTo(config);
    }

    @Test
    void showsNoSecret() {
        Instance instance = new Instance(base)
                .file("webapps/todo.war", "")
                .environment("DB_PASS", "geheim")
                .server(
                        """
                        hooks: { start: [{ command: [run, "postgres://sam:${DB_PASS}@db/x"] }] }
                        contexts:
                          /a: { war: todo.war, database: { url: "postgres://sam:${DB_PASS}@db/x" }, env: { API_KEY: "${DB_PASS}" } }
                          /b: { command: [run, "--url=http://sam:${DB_PASS}@host/"], env: { MY_SECRET: geheim } }
                        """);
        assertThat(new ConfigDump(instance.directories()).dump(instance.load()))
                .contains("***")
                .doesNotContain("geheim");
    }

    @Test
    void problemsShowNoSecret() {
        Instance instance = new Instance(base)
                .file("webapps/todo.war", "")
                .environment("TOKEN", "geheim")
                .server(
                        """
                        listen: "${TOKEN}"
                        contexts:
                          /a: { war: todo.war, idle_timeout: "${TOKEN}", database: { url: "x://sam:geheim@db/${TOKEN}" } }
                        """);
        assertThat(instance.problems()).contains("idle_timeout").doesNotContain("geheim");
    }
}
