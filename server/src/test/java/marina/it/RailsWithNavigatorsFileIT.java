package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import marina.testing.CableClient;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Rails application below a file in the shape that a generator writes for Navigator in production. */
class RailsWithNavigatorsFileIT {
    private static final String FILE =
            """
            server:
              listen: "127.0.0.1:0"
              hostname: lists.example.com
              root_path: /showcase
              static:
                public_dir: public
                allowed_extensions: [html, css, js, png]
                try_files: [index.html, .html, .htm]
                normalize_trailing_slashes: true
                cache_control: {default: '0', overrides: [{path: /showcase/assets/, max_age: 1y, immutable: true}]}
              health_check: {path: /up, response: {status: 200, body: OK, headers: {Content-Type: text/plain}}}
              bot_detection: {enabled: true, action: reject}
            cable: {enabled: true, path: /showcase/cable, broadcast_path: /_broadcast}
            auth:
              enabled: true
              realm: Showcase
              htpasswd: config/htpasswd
              public_paths: [/showcase/assets/, /showcase/cable, /favicon.ico, /robots.txt, /up, '*.css', '*.js']
              auth_patterns:
                - {pattern: '^/$', action: 'off'}
                - {pattern: '^/showcase/2025/(?:boston|sydney)/?$', action: 'off'}
            routes:
              redirects: [{from: '^/$', to: /showcase/}]
              rewrites: [{from: '^/([^/]+\\.(css|js))$', to: /showcase/$1}]
            applications:
              framework: {command: bin/rails, args: [server, -p, '${port}'], app_directory: ., port_env_var: PORT, start_delay: 2s}
              health_check: /up
              startup_timeout: 30s
              track_websockets: false
              pools: {max_size: 3, timeout: 2s, start_port: 4000, default_memory_limit: 768M}
              env:
                RAILS_ENV: production
                RAILS_RELATIVE_URL_ROOT: /showcase
                RAILS_APP_DB: '${database}'
                DATABASE_URL: 'sqlite3:db/${database}.sqlite3'
                PIDFILE: 'tmp/pids/${database}.pid'
                RAILS_MAX_THREADS: '3'
                SECRET_KEY_BASE: 0123456789abcdef0123456789abcdef
              tenants:
                - {path: /showcase/, var: {database: index}, env: {RAILS_APP_OWNER: Index}}
                - {path: /showcase/2025/boston/disney/, var: {database: 2025-boston-disney}, env: {RAILS_APP_OWNER: Boston, RAILS_APP_SCOPE: 2025/boston/disney}}
                - {path: /showcase/2025/boston/ball/, var: {database: 2025-boston-ball}, env: {RAILS_APP_OWNER: Boston, RAILS_APP_SCOPE: 2025/boston/ball}}
                - {path: /showcase/2025/sydney/, var: {database: 2025-sydney}, env: {RAILS_APP_OWNER: Sydney, RAILS_APP_SCOPE: 2025/sydney}}
                - {path: /showcase/2025/raleigh/, var: {database: 2025-raleigh}, env: {RAILS_APP_OWNER: Raleigh, RAILS_APP_SCOPE: 2025/raleigh}}
            managed_processes: []
            hooks:
              server:
                stop: [{command: script/sync.sh, args: [everything], timeout: 5m}]
              tenant:
                start: [{command: script/prepare.sh, timeout: 1m}]
                stop: [{command: script/sync.sh, args: ['${database}'], timeout: 2m}]
            logging: {format: json}
            maintenance: {page: /503.html}
            """;

    private static final List<String> LISTS =
            List.of("/showcase/", "/showcase/2025/boston/disney/", "/showcase/2025/sydney/", "/showcase/2025/raleigh/");

    @TempDir
    private Path base;

    private MarinaUnderTest start() throws IOException {
        RailsLists.copyTo(base);
        MarinaUnderTest.write(base, "config/navigator.yml", FILE);
        MarinaUnderTest.write(base, "config/htpasswd", RailsLists.PASSWORDS);
        MarinaUnderTest.write(base, "public/503.html", "<h1>One moment</h1>");
        program(
                "script/prepare.sh",
                """
                [ -s db/$RAILS_APP_DB.sqlite3 ] && exit
                [ -s db/empty.sqlite3 ] || DATABASE_URL=sqlite3:db/empty.sqlite3 bin/rails db:migrate
                cp db/empty.sqlite3 db/$RAILS_APP_DB.sqlite3
                """);
        program("script/sync.sh", "echo $1 >> synced");
        return MarinaUnderTest.startFile(base, "config/navigator.yml", Map.of());
    }

    private void program(String name, String text) {
        MarinaUnderTest.write(base, name, "#!/bin/sh\n" + text + "\n");
        boolean unused = base.resolve(name).toFile().setExecutable(true);
    }

    private List<String> synced() throws IOException {
        Path file = base.resolve("synced");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void tenantsStartOnDemandMakeRoomStopWhenIdleAndAreSaved() throws IOException {
        try (MarinaUnderTest marina = start()) {
            assertThat(marina.get("/up").body()).isEqualTo("OK");
            assertThat(marina.get("/showcase/2025/boston/disney/").statusCode()).isEqualTo(401);
            assertThat(marina.get("/lists.css").body()).startsWith("body {");
            assertThat(marina.server().runningBackends()).isZero();

            Visitor visitor = new Visitor(marina::uri).as(RailsLists.SAM);
            CableClient cable =
                    CableClient.open(marina.uri("/"), "/showcase/cable").subscribe("2025-sydney-items");
            for (String list : LISTS) {
                assertThat(RailsLists.add(visitor, list, "item of " + list))
                        .contains(">item of " + list + "<")
                        .containsOnlyOnce("item of");
                assertThat(marina.server().runningBackends()).isLessThanOrEqualTo(3);
            }
            // There Rails listens for everybody, past all passwords; 127.0.0.2 stands for another address of this
            // machine.
            String address = marina.status("/showcase/2025/raleigh").backend().address();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            assertThatThrownBy(() -> new Socket("127.0.0.2", port).close()).isInstanceOf(ConnectException.class);
            assertThat(cable.next()).contains("item of /showcase/2025/sydney/").doesNotContain("boston");

            await().atMost(HomeUnderTest.PATIENCE).until(() -> marina.server().runningBackends() == 0);
            assertThat(synced()).contains("index", "2025-boston-disney", "2025-sydney", "2025-raleigh");
            assertThat(visitor.page("/showcase/2025/sydney/")).contains("item of /showcase/2025/sydney/");
        }
        assertThat(synced()).endsWith("2025-sydney", "everything");
    }
}
