package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** What is there before any server: files, a certificate, an upstream and an echo for WebSockets. */
final class Stage {
    private Stage() {}

    /** For all that is written. */
    static Path folder() throws IOException {
        Path work = Files.createTempDirectory("marina-bench");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x")); // servers may change their user
        return work;
    }

    static Contestant.Course course(Path home, Path work) throws Exception {
        Path files = Files.createDirectories(work.resolve("site"));
        fill(files.resolve("1k"), 1 << 10);
        fill(files.resolve("100k"), 100 << 10);
        fill(files.resolve("64k"), 64 << 10);
        fill(files.resolve("10m"), 10 << 20);
        Path key = work.resolve("tls.key");
        Path certificate = work.resolve("tls.crt");
        Child.output(
                List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key.toString(), "-out", certificate.toString()),
                30);
        Files.createDirectories(work.resolve("upstream"));
        return new Contestant.Course(home, work, Child.freePort(), Child.freePort(), files, certificate, key);
    }

    private static void fill(Path file, int bytes) throws IOException {
        Files.writeString(file, "0123456789abcde\n".repeat(bytes / 16));
    }

    /** What proxies stand before, asked without any: no proxy can be faster. */
    static List<Contestant> direct(Contestant.Course course, Child upstream, Child echo) {
        return List.of(
                new Contestant("upstream", upstream, course.upstream(), Optional.empty()),
                new Contestant("echo", echo, course.echo(), Optional.empty()));
    }

    static Child echo(Contestant.Course course) throws Exception {
        Path output = course.work().resolve("echo.log");
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        List<String> command =
                List.of(java, "-Xmx64m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "bench.Echo", Integer.toString(course.echo()));
        return Child.start(output, Contestant.plain(), command).awaitPort(course.echo(), output);
    }

    static Child upstream(Contestant.Course course) throws Exception {
        Path folder = course.folder("upstream");
        String conf =
                """
                worker_processes 1; daemon off; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 16384; }
                http {
                  access_log off; client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s; uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  sendfile on; tcp_nopush on; keepalive_requests 1000000000; client_max_body_size 0; root %2$s;
                  server {
                    listen 127.0.0.1:%3$d;
                    location /64k {} location /10m {}
                    location = /upload { # answers when it has the whole body, in memory: wrk would mix up an answer that comes before
                      client_body_buffer_size 16m; proxy_pass http://127.0.0.1:%3$d/taken; proxy_pass_request_body off;
                      proxy_set_header Content-Length ""; proxy_http_version 1.1; proxy_set_header Connection "";
                    }
                    location / { default_type text/plain; return 200 "hello world\\n"; }
                  }
                }
                """
                        .formatted(folder, course.files(), course.upstream());
        Path file = Files.writeString(folder.resolve("nginx.conf"), conf);
        Path output = folder.resolve("output.log");
        String nginx = Competitors.program("nginx").orElseThrow(() -> new IOException("nginx is not installed")).toString();
        return Child.start(output, Contestant.plain(), List.of(nginx, "-c", file.toString(), "-e", folder + "/error.log"))
                .awaitPort(course.upstream(), output);
    }
}
