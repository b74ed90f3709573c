package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The other servers, each set up as its documents advise for speed, with an access log in a file. */
final class Competitors {
    private Competitors() {}

    static final Map<String, Contestant.Starter> ALL = Map.of(
            "nginx", Competitors::nginx, "haproxy", Competitors::haproxy, "caddy", Competitors::caddy, "navigator", Competitors::navigator);

    static Optional<Path> program(String name) {
        for (String folder : List.of("/usr/sbin", "/usr/bin", "/usr/local/bin")) {
            Path program = Path.of(folder, name);
            if (Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    private static Optional<Contestant> nginx(Contestant.Course course) throws Exception {
        Optional<Path> program = program("nginx");
        if (program.isEmpty()) {
            return Optional.empty();
        }
        Path folder = Files.createDirectories(course.folder("nginx"));
        int port = Child.freePort();
        int tls = Child.freePort();
        String conf =
                """
                worker_processes auto; daemon off; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 16384; }
                http {
                  access_log %1$s/access.log; client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s; uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  sendfile on; tcp_nopush on; keepalive_requests 1000000000; client_max_body_size 0;
                  upstream app { server 127.0.0.1:%2$d; keepalive 256; keepalive_requests 1000000000; }
                  map $http_upgrade $going_over { default upgrade; '' ''; }
                  server {
                    listen 127.0.0.1:%3$d; listen 127.0.0.1:%4$d ssl http2; ssl_certificate %5$s; ssl_certificate_key %6$s;
                    location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
                      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $going_over; proxy_request_buffering off; }
                    location /files/ { alias %7$s/; }
                    location /ws { proxy_pass http://127.0.0.1:%8$d; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;
                      proxy_set_header Connection $going_over; proxy_read_timeout 1h; }
                  }
                }
                """
                        .formatted(folder, course.upstream(), port, tls, course.certificate(), course.key(), course.files(), course.echo());
        Path file = Files.writeString(folder.resolve("nginx.conf"), conf);
        return started("nginx", folder, Map.of(), port, tls, List.of(program.get().toString(), "-c", file.toString(), "-e", folder + "/error.log"));
    }

    private static Optional<Contestant> haproxy(Contestant.Course course) throws Exception {
        Optional<Path> program = program("haproxy");
        if (program.isEmpty()) {
            return Optional.empty();
        }
        Path folder = Files.createDirectories(course.folder("haproxy"));
        int port = Child.freePort();
        int tls = Child.freePort();
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(course.certificate()) + Files.readString(course.key()));
        String conf =
                """
                global
                  maxconn 4000
                  log stdout format raw local0
                defaults
                  mode http
                  log global
                  option httplog
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                  timeout tunnel 1h
                frontend front
                  bind 127.0.0.1:%d
                  bind 127.0.0.1:%d ssl crt %s alpn h2,http/1.1
                  option forwardfor
                  use_backend echo if { path /ws }
                  default_backend app
                backend echo
                  server echo 127.0.0.1:%d
                backend app
                  http-reuse always
                  server app 127.0.0.1:%d
                """
                        .formatted(port, tls, both, course.echo(), course.upstream());
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), conf);
        return started("haproxy", folder, Map.of(), port, tls, List.of(program.get().toString(), "-f", file.toString()));
    }

    private static Optional<Contestant> caddy(Contestant.Course course) throws Exception {
        Optional<Path> program = program("caddy");
        if (program.isEmpty()) {
            return Optional.empty();
        }
        Path folder = Files.createDirectories(course.folder("caddy"));
        int port = Child.freePort();
        int tls = Child.freePort();
        String site =
                """
                  log {
                    output file %s/access.log
                  }
                  handle_path /files/* {
                    root * %s
                    file_server
                  }
                  handle /ws {
                    reverse_proxy 127.0.0.1:%d
                  }
                  handle {
                    reverse_proxy 127.0.0.1:%d
                  }
                """
                        .formatted(folder, course.files(), course.echo(), course.upstream());
        String conf = "{\n  admin off\n  auto_https off\n}\nhttp://127.0.0.1:" + port + " {\n" + site + "}\nhttps://127.0.0.1:" + tls + " {\n  tls "
                + course.certificate() + " " + course.key() + "\n" + site + "}\n";
        Path file = Files.writeString(folder.resolve("Caddyfile"), conf);
        Map<String, String> environment = Map.of("HOME", folder.toString(), "XDG_DATA_HOME", folder.toString(), "XDG_CONFIG_HOME", folder.toString());
        return started("caddy", folder, environment, port, tls, List.of(program.get().toString(), "run", "--config", file.toString(), "--adapter", "caddyfile"));
    }

    private static Optional<Contestant> navigator(Contestant.Course course) throws Exception {
        String program = System.getenv("NAVIGATOR");
        if (program == null) {
            return Optional.empty();
        }
        Path folder = Files.createDirectories(course.folder("navigator"));
        int port = Child.freePort();
        String conf =
                """
                server:
                  listen: %d
                routes:
                  reverse_proxies:
                    - path: "^/ws$"
                      target: "http://127.0.0.1:%d"
                      websocket: true
                    - path: "^/"
                      target: "http://127.0.0.1:%d"
                """
                        .formatted(port, course.echo(), course.upstream());
        Path file = Files.writeString(folder.resolve("navigator.yml"), conf);
        return started("navigator", folder, Map.of(), port, -1, List.of(program, file.toString()));
    }

    static Optional<Contestant> started(
            String name, Path folder, Map<String, String> environment, int port, int tls, List<String> command)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.log");
        Child child = Child.start(output, environment, command).awaitAnswer(port, output);
        return Optional.of(new Contestant(name, child, port, tls < 0 ? Optional.empty() : Optional.of(tls)));
    }
}
