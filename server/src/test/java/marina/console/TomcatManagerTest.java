package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat's manager, as its tools see it: the first line is what they read. */
class TomcatManagerTest {
    @TempDir
    Path base;

    private static String text(AdminBed bed, String command) {
        HttpResponse<String> answer = bed.as("script", "GET", "/manager/text" + command);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static String first(AdminBed bed, String command) {
        return text(bed, command).lines().findFirst().orElse("");
    }

    private static String put(AdminBed bed, String query, byte[] war) {
        return bed.upload("script", "/manager/text/deploy?" + query, war)
                .body()
                .lines()
                .findFirst()
                .orElse("");
    }

    @Test
    void aWarGoesThroughItsLife() {
        try (AdminBed bed = new AdminBed(base, "")) {
            assertThat(put(bed, "path=/shop", AdminBed.war("one")))
                    .isEqualTo("OK - Deployed application at context path [/shop]");
            assertThat(bed.marina().get("/shop/").body()).isEqualTo("one");
            assertThat(put(bed, "path=/shop", AdminBed.war("two")))
                    .isEqualTo("FAIL - Application already exists at path [/shop]");
            assertThat(put(bed, "path=/shop&update=true", AdminBed.war("two")))
                    .isEqualTo("OK - Deployed application at context path [/shop]");
            assertThat(bed.marina().get("/shop/").body()).isEqualTo("two");
            assertThat(text(bed, "/list").lines())
                    .containsExactly("OK - Listed applications for virtual host [localhost]", "/shop:running:0:shop");
            assertThat(first(bed, "/reload?path=/shop")).isEqualTo("OK - Reloaded application at context path [/shop]");
            assertThat(first(bed, "/stop?path=/shop")).isEqualTo("OK - Stopped application at context path [/shop]");
            assertThat(text(bed, "/list")).contains("\n/shop:stopped:0:shop\n");
            assertThat(first(bed, "/start?path=/shop")).isEqualTo("OK - Started application at context path [/shop]");
            assertThat(text(bed, "/sessions?path=/shop").lines())
                    .startsWith(
                            "OK - Session information for application at context path [/shop]",
                            "Default maximum session inactive interval is [30] minutes");
            assertThat(text(bed, "/expire?path=/shop&idle=0"))
                    .contains("Inactive for [>0] minutes: [0] sessions were expired\n");
            assertThat(first(bed, "/undeploy?path=/shop"))
                    .isEqualTo("OK - Undeployed application at context path [/shop]");
            assertThat(bed.marina().get("/shop/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theRootTagsVersionsAndFilesOfTheServer() throws IOException {
        Path war = base.resolve("elsewhere.war");
        Files.write(war, AdminBed.war("local"));
        try (AdminBed bed = new AdminBed(base, "")) {
            assertThat(put(bed, "path=/&tag=v1", AdminBed.war("first")))
                    .isEqualTo("OK - Deployed application at context path [/]");
            assertThat(put(bed, "path=/&tag=v2&update=true", AdminBed.war("second")))
                    .startsWith("OK - ");
            assertThat(bed.marina().get("/").body()).isEqualTo("second");
            assertThat(first(bed, "/deploy?path=/&tag=v1")).isEqualTo("OK - Deployed application at context path [/]");
            assertThat(bed.marina().get("/").body()).isEqualTo("first");
            assertThat(put(bed, "path=/par&version=1", AdminBed.war("old")))
                    .isEqualTo("OK - Deployed application at context path [/par##1]");
            assertThat(base.resolve("webapps/par##1.war")).exists();
            assertThat(first(bed, "/deploy?path=/local&war=file:" + war))
                    .isEqualTo("OK - Deployed application at context path [/local]");
            assertThat(bed.marina().get("/local/").body()).isEqualTo("local");
            assertThat(war).as("the file that was named").exists();
        }
    }

    @Test
    void whatGoesWrongIsSaidInTomcatsWords() {
        try (AdminBed bed = new AdminBed(base, "contexts: { /a: { files: conf } }\n")) {
            assertThat(first(bed, "/")).isEqualTo("FAIL - No command was specified");
            assertThat(first(bed, "/nonsense")).isEqualTo("FAIL - Unknown command [/nonsense]");
            assertThat(first(bed, "/reload")).isEqualTo("FAIL - Invalid context path [null] was specified");
            assertThat(first(bed, "/start?path=shop")).isEqualTo("FAIL - Invalid context path [shop] was specified");
            assertThat(first(bed, "/stop?path=/none")).isEqualTo("FAIL - No context exists named [/none]");
            assertThat(first(bed, "/deploy?path=/x"))
                    .isEqualTo("FAIL - Invalid parameters supplied for command [/deploy]");
            assertThat(first(bed, "/undeploy?path=/a"))
                    .isEqualTo("FAIL - Context [/a] is defined in server.xml and may not be undeployed");
            assertThat(put(bed, "path=/bad", new byte[] {1, 2, 3}))
                    .isEqualTo("FAIL - Failed to deploy application at context path [/bad]");
            assertThat(text(bed, "/deploy?path=/x&war=none.war"))
                    .startsWith("FAIL - Failed to deploy application at context path [/x]\n");
        }
    }

    @Test
    void theServerTellsOfItself() {
        try (AdminBed bed = new AdminBed(base, "contexts: { /a: { files: conf } }\n")) {
            assertThat(text(bed, "/serverinfo")).startsWith("OK - Server info\nTomcat Version: [Marina/");
            assertThat(text(bed, "/vminfo")).startsWith("OK - VM info\n").contains("vmName");
            assertThat(text(bed, "/threaddump"))
                    .startsWith("OK - JVM thread dump\n")
                    .contains("marina-http");
            assertThat(text(bed, "/findleaks?statusLine=true")).isEqualTo("OK - No memory leaks found\n");
            assertThat(first(bed, "/sslReload")).isEqualTo("OK - Reloaded TLS configuration for all TLS virtual hosts");
            assertThat(first(bed, "/sslConnectorCiphers")).isEqualTo("OK - Connector / SSL Cipher information");
            assertThat(first(bed, "/resources?type=x")).isEqualTo("OK - Listed global resources of type [x]");
        }
    }

    @Test
    void onlyScriptsWithTheRoleEnter() {
        try (AdminBed bed = new AdminBed(base, "contexts: { /a: { files: conf } }\n")) {
            HttpResponse<String> nobody = bed.send("GET", "/manager/text/list", "");
            assertThat(nobody.statusCode()).isEqualTo(401);
            assertThat(nobody.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Basic ");
            assertThat(bed.as("gui", "GET", "/manager/text/list").statusCode()).isEqualTo(403);
            assertThat(bed.as("sam", "GET", "/manager/text/list").statusCode()).isEqualTo(200);
            String cookie = AdminBed.cookie(bed.login("sam", AdminBed.PASSWORD));
            assertThat(bed.send("GET", "/manager/text/stop?path=/a", "", "Cookie", cookie)
                            .statusCode())
                    .as("a link in a stranger's page")
                    .isEqualTo(401);
            String basic = AdminBed.basic("sam", AdminBed.PASSWORD);
            assertThat(bed.send(
                                    "GET",
                                    "/manager/text/stop?path=/a",
                                    "",
                                    "Authorization",
                                    basic,
                                    "Sec-Fetch-Site",
                                    "cross-site")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void theJmxProxyReadsAndInvokes() {
        try (AdminBed bed = new AdminBed(base, "contexts: { /a: { files: conf } }\n")) {
            String query = "/manager/jmxproxy?qry=marina:type=Server";
            String list = bed.as("jmx", "GET", query).body();
            assertThat(list).startsWith("OK - Number of results: 1\n\nName: marina:type=Server\nmodelerType: ");
            assertThat(list).contains("\nContexts: 1\n");
            assertThat(bed.as("jmx", "GET", "/manager/jmxproxy/?get=marina:type=Server&att=Contexts")
                            .body())
                    .isEqualTo("OK - Attribute get 'marina:type=Server' - Contexts = 1\n");
            assertThat(bed.as("jmx", "GET", "/manager/jmxproxy?get=marina:type=Server&att=None")
                            .body())
                    .startsWith("Error - ")
                    .doesNotContain("\tat ");
            assertThat(bed.as("jmx", "GET", "/manager/jmxproxy?invoke=marina:type=Server&op=reload")
                            .body())
                    .startsWith("OK - Operation reload returned:\n");
            assertThat(bed.as("script", "GET", query).statusCode()).isEqualTo(403);
        }
    }
}
