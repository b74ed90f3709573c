package marina.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import marina.admin.CommandLine;
import marina.config.Directories;
import marina.testing.MarinaUnderTest;
import marina.testing.WorkerUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What marina.sh export writes. */
class ExportVerbTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path base;

    @Test
    void aWorkerIsExportedWithAllThatItNeeds() throws IOException {
        MarinaUnderTest.write(base, "public/it's/a.css", "p {}");
        Files.setLastModifiedTime(
                base.resolve("public/it's/a.css"), FileTime.from(Instant.parse("2026-11-21T12:00:00Z")));
        server("public: { directory: public, cache: { default: 1h } }");

        assertThat(run("export", "cloudflare", "--app", "shop", "--domain", "www.example.com"))
                .as(err.toString())
                .isZero();

        Path folder = base.resolve("export/cloudflare");
        assertThat(folder.resolve("wrangler.toml"))
                .hasContent(
                        """
                        # Written by "marina.sh export cloudflare"; wrangler deploy takes it as it is.
                        name = "marina-edge"
                        main = "worker.js"
                        compatibility_date = "2025-09-01"
                        workers_dev = false

                        [[routes]]
                        pattern = "www.example.com"
                        custom_domain = true

                        [[r2_buckets]]
                        binding = "BUCKET"
                        bucket_name = "marina-public"

                        [observability]
                        enabled = true
                        """);
        assertThat(folder.resolve("manifest.json"))
                .hasContent(
                        """
                        {
                          "bucket": "marina-public",
                          "files": [
                            {
                              "path": "/it's/a.css",
                              "key": "HASH/a.css",
                              "file": "public/it's/a.css",
                              "etag": "\\"HASH\\"",
                              "size": 4,
                              "content_type": "text/css; charset=utf-8",
                              "cache_control": "public, max-age=3600"
                            }
                          ]
                        }
                        """
                                .replace("HASH", hash("p {}")));
        assertThat(folder.resolve("worker.js"))
                .content()
                .contains(
                        "\"origin\": \"https://shop.fly.dev\"",
                        "\"/it's/a.css\": [\"" + hash("p {}") + "\", 4, 1795262400]");
        assertThat(out.toString()).contains("1 public files");
    }

    @Test
    void whatIsUploadedOnceIsNotUploadedAgain() throws Exception {
        MarinaUnderTest.write(base, "public/it's/a.css", "p {}");
        server("public: { directory: public }");
        MarinaUnderTest.write(base, "wrangler", "#!/bin/sh\nprintf '%s\\n' \"$*\" >>calls\n");
        assertThat(base.resolve("wrangler").toFile().setExecutable(true)).isTrue();
        assertThat(run("export", "cloudflare", "--origin", "shop.fly.dev", "--bucket", "shop"))
                .isZero();

        for (int i = 0; i < 2; i++) {
            ProcessBuilder upload = new ProcessBuilder(
                            base.resolve("export/cloudflare/upload.sh").toString())
                    .directory(base.toFile())
                    .inheritIO();
            upload.environment().putAll(Map.of("WRANGLER", "./wrangler", "MARINA_BASE", base.toString()));
            assertThat(upload.start().waitFor()).isZero();
        }

        assertThat(base.resolve("calls"))
                .hasContent("r2 object put shop/" + hash("p {}")
                        + "/a.css --remote --file public/it's/a.css --content-type text/css; charset=utf-8\n");
    }

    @Test
    void contextsOfOtherAppsAreAskedThere() throws Exception {
        URI origin = URI.create("https://shop.fly.dev");
        Path exported = EdgeBed.export(
                base,
                """
                routes:
                  - { match: "\\\\.pdf$", methods: [GET], replay: { app: pdf, region: fra } }
                contexts:
                  /billing: { upstream: "http://127.0.0.1:1/", fly_app: billing, region: ams }
                  /own: { upstream: "http://127.0.0.1:1/", fly_app: shop }
                """,
                origin,
                "shop");
        try (WorkerUnderTest worker = WorkerUnderTest.start(exported, base, true)) {
            assertThat(get(worker, "/billing/x?y=1"))
                    .contains("\"url\":\"https://billing.fly.dev/billing/x?y=1\"", "\"fly-prefer-region\":\"ams\"");
            assertThat(get(worker, "/own/a.pdf"))
                    .contains("\"url\":\"https://pdf.fly.dev/own/a.pdf\"", "\"fly-prefer-region\":\"fra\"")
                    .contains("\"x-forwarded-host\":\"" + worker.authority() + "\"");
            assertThat(get(worker, "/own/x"))
                    .contains("\"url\":\"https://shop.fly.dev/own/x\"")
                    .doesNotContain("fly-");
        }
    }

    @Test
    void flyIsToldOfPortsChecksAndTimes() throws IOException {
        server(
                """
                listen: 8081
                trusted_proxies: [fly]
                health: { path: /healthz }
                drain: { timeout: 20s, notice: 5s }
                hooks: { stop: [{ command: [sync], timeout: 3s }] }
                contexts:
                  /: { command: [node, app.js], stop_timeout: 7s, hooks: { stop: [{ command: [sync], timeout: 4s }] } }
                """);

        assertThat(run("export", "fly", "--app", "shop", "--data", "/srv/data"))
                .as(err.toString())
                .isZero();

        assertThat(out.toString().replaceAll("(?m)^ *# .*\\R", ""))
                .isEqualToNormalizingNewlines(
                        """
                        app = "shop"
                        kill_signal = "SIGTERM"
                        kill_timeout = 41

                        [http_service]
                          internal_port = 8081
                          force_https = true
                          auto_stop_machines = "off"
                          auto_start_machines = true
                          min_machines_running = 0

                          [[http_service.checks]]
                            method = "GET"
                            path = "/healthz"
                            interval = "15s"
                            timeout = "5s"
                            grace_period = "30s"

                        [[mounts]]
                          source = "data"
                          destination = "/srv/data"
                        """);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatWouldNotWorkIsSaid() throws IOException {
        server("listen: \"127.0.0.1:8080\"");
        assertThat(run("export", "fly")).isEqualTo(1);
        assertThat(err.toString()).contains("write e.g. listen: 8080");
        assertThat(run("export", "cloudflare")).isEqualTo(2);
        assertThat(err.toString()).contains("--origin https://APP.fly.dev");
        assertThat(run("export", "cloudflare", "--origin", "https://a/b?c")).isEqualTo(2);
        assertThat(run("export", "heroku")).isEqualTo(2);
        server("health: { status: 503 }\ndrain: 10m\n");
        assertThat(run("export", "fly")).isZero();
        assertThat(err.toString()).contains("trusted_proxies: [fly]", "health.status is 503", "after 300 s");
        server("routes: [{ match: \"a(?i:b)\", redirect: \"/\" }]");
        assertThat(run("export", "cloudflare", "--app", "shop")).isEqualTo(1);
        assertThat(err.toString()).contains("\"a(?i:b)\" cannot be exported");
    }

    @Test
    void aWorkerThatIsTooLargeIsSaid() throws IOException {
        for (int i = 0; i < 300; i++) {
            MarinaUnderTest.write(base, "public/" + "x".repeat(200) + "/" + i + "/" + "y".repeat(200) + ".css", "");
        }
        server("public: { directory: public, extensions: [css] }");
        assertThat(run("export", "cloudflare", "--app", "shop")).isZero();
        assertThat(err.toString()).isEmpty();
        for (int i = 300; i < 2100; i++) {
            MarinaUnderTest.write(base, "public/" + "x".repeat(200) + "/" + i + "/" + "y".repeat(200) + ".css", "");
        }
        assertThat(run("export", "cloudflare", "--app", "shop")).isZero();
        assertThat(err.toString()).contains("2100 public files", "1 MB");
    }

    private static String hash(String content) {
        try {
            byte[] whole = java.security.MessageDigest.getInstance("SHA-256")
                    .digest(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(whole, 16));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String get(WorkerUnderTest worker, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(worker.uri(path)).build(), BodyHandlers.ofString())
                .body();
    }

    private void server(String yaml) {
        MarinaUnderTest.write(base, "conf/server.yml", yaml);
    }

    private int run(String... arguments) {
        picocli.CommandLine line = new CommandLine(new Directories(base, base), Map.of()).picocli();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }
}
