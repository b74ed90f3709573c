package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WARs that are deployed, replaced, rolled back and undeployed over REST. */
class DeploymentOverRestTest {
    private static final String DEPLOY = "/api/v1/contexts/deploy?path=/shop";

    @TempDir
    Path base;

    private List<String> webapps() throws IOException {
        try (Stream<Path> files = Files.list(base.resolve("webapps"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aWarIsDeployedReplacedRolledBackAndUndeployed() throws IOException {
        try (AdminBed bed = new AdminBed(base, "")) {
            HttpResponse<String> first = bed.upload("script", DEPLOY, AdminBed.war("one"));
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(bed.marina().get("/shop/").body()).isEqualTo("one");
            assertThat(bed.marina().status("/shop").state()).isEqualTo("ready");

            HttpResponse<String> again = bed.upload("script", DEPLOY, AdminBed.war("two"));
            assertThat(again.statusCode()).isEqualTo(409);
            assertThat(again.body()).contains("update=true");
            assertThat(bed.marina().get("/shop/").body()).isEqualTo("one");

            HttpResponse<String> second = bed.upload("script", DEPLOY + "&update=true", AdminBed.war("two"));
            assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
            assertThat(bed.marina().get("/shop/").body()).isEqualTo("two");
            assertThat(bed.as("script", "GET", "/api/v1/contexts/one?path=/shop")
                            .body())
                    .contains("\"previous_versions\":[{\"version\":\"shop.war\"");

            HttpResponse<String> back = bed.as("script", "POST", "/api/v1/contexts/rollback?path=/shop");
            assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
            assertThat(bed.marina().get("/shop/").body()).isEqualTo("one");

            HttpResponse<String> gone = bed.as("script", "POST", "/api/v1/contexts/undeploy?path=/shop");
            assertThat(gone.statusCode()).as(gone.body()).isEqualTo(200);
            assertThat(bed.marina().get("/shop/").statusCode()).isEqualTo(404);
            assertThat(webapps()).isEmpty();

            HttpResponse<String> revived = bed.as("script", "POST", "/api/v1/contexts/rollback?path=/shop");
            assertThat(revived.statusCode()).as(revived.body()).isEqualTo(200);
            assertThat(bed.marina().get("/shop/").body()).isEqualTo("one");
        }
    }

    @Test
    void whatIsNoArchiveOrTooLargeOrCutOffLeavesNothingBehind() throws IOException {
        try (AdminBed bed = new AdminBed(base, "", ", limits: { upload: 10K }")) {
            assertThat(bed.upload("script", DEPLOY, "no archive".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(409);
            assertThat(bed.upload("script", DEPLOY, new byte[20_000]).statusCode())
                    .isEqualTo(413);
            assertThat(bed.upload("script", DEPLOY, new byte[0]).statusCode()).isEqualTo(400);
            String head = "PUT " + DEPLOY + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                    + AdminBed.basic("script", AdminBed.PASSWORD);
            RawClient cut = new RawClient(bed.uri("/"));
            cut.send(head + "\r\nContent-Length: 5000\r\n\r\nPK");
            cut.close();
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(webapps()).isEmpty());
            String chunks = RawClient.exchange(
                    bed.uri("/"),
                    head + "\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3000\r\n" + "x".repeat(0x3000)
                            + "\r\n0\r\n\r\n");
            assertThat(chunks).startsWith("HTTP/1.1 413 ");
            assertThat(webapps()).isEmpty();
            assertThat(bed.marina().get("/shop/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void namesThatLeadElsewhereAndContextsOfTheServerFileAreRefused() throws IOException {
        try (AdminBed bed = new AdminBed(base, "contexts: { /a: { files: conf } }\n")) {
            for (String path : List.of("..", "/..", "/../x", "/a/../../x", "/a%2F..%2Fb", "/a%00b", "x", "/ROOT")) {
                assertThat(bed.upload("script", "/api/v1/contexts/deploy?path=" + path, AdminBed.war("x"))
                                .statusCode())
                        .as(path)
                        .isEqualTo(400);
            }
            assertThat(bed.upload("script", "/api/v1/contexts/deploy?path=/x&version=..%2F1", AdminBed.war("x"))
                            .statusCode())
                    .isEqualTo(409);
            HttpResponse<String> refused = bed.as("script", "POST", "/api/v1/contexts/undeploy?path=/a");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("conf/server.yml:3");
            assertThat(bed.as("script", "POST", "/api/v1/contexts/undeploy?path=/none")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(Files.exists(base.resolve("conf/server.yml"))).isTrue();
        }
    }
}
