package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Archives that nobody of Marina wrote, all in one server, each used through its pages, and redeployed while others ask for it.
 * They are 200 MB, so this runs on request: {@code mvn verify -Pforeign-wars}.
 */
@EnabledIfSystemProperty(named = "marina.foreign.wars", matches = ".+")
class ForeignWarsIT {
    private static final Map<String, String> WARS = Map.of(
            "jspwiki", "jspwiki-war.war",
            "wicket", "wicket-examples.war",
            "jolokia", "jolokia-agent-war.war",
            "hawtio", "hawtio-default.war",
            "activemq", "activemq-web-console.war",
            "rdf4j-server", "rdf4j-http-server.war",
            "rdf4j-workbench", "rdf4j-http-workbench.war",
            "jsp", "jetty-ee10-demo-jsp-webapp.war",
            "jersey", "helloworld-webapp.war",
            "jackrabbit", "jackrabbit-webapp.war");

    /** A page of each that is there for everybody, at any time. */
    private static final List<String> PAGES = List.of(
            "/jspwiki/Wiki.jsp?page=SandBox",
            "/wicket/linkomatic/home",
            "/hawtio/",
            "/activemq/index.jsp",
            "/rdf4j-server/protocol",
            "/rdf4j-workbench/",
            "/jsp/jstl.jsp",
            "/jersey/helloworld",
            "/jackrabbit/");

    /** The password is "secret". */
    private static final String USERS =
            "users:\n  jo: { password: \"$2y$05$iBHs.tfNdGPOiFHfg1.Ao.2TLJGlrVautvE0Is6XVHRkCDulKwpbm\", roles: [jolokia] }\n";

    @TempDir
    Path base;

    @Test
    void theyRunTogetherAndTakeRedeploysUnderLoad() throws Exception {
        try (HomeUnderTest marina = HomeUnderTest.at(base, configuration())) {
            String store = System.getProperty("marina.foreign.wars");
            for (Map.Entry<String, String> war : WARS.entrySet()) {
                Path target = Files.createDirectories(base.resolve("webapps")).resolve(war.getKey() + ".war");
                Files.copy(Path.of(store, war.getValue()), target);
            }
            marina.write("conf/users.yml", USERS);
            Files.createDirectories(base.resolve("home"));
            marina.with("JAVA_OPTS", "-Duser.home=" + base.resolve("home") + " -Dhawtio.authenticationEnabled=false");
            marina.start();
            useAll(marina, 1);
            List<CompletableFuture<String>> clients = new ArrayList<>();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            for (String page : PAGES) {
                clients.add(CompletableFuture.supplyAsync(() -> askUntil(marina, page, until)));
            }
            while (System.nanoTime() < until) {
                for (String name : WARS.keySet()) {
                    replace(name);
                    await().pollDelay(Duration.ofSeconds(1)).untilAsserted(() -> useJsp(new Visitor(marina::uri)));
                }
            }
            assertThat(clients).extracting(CompletableFuture::join).containsOnly("");
            useAll(marina, 2);
        }
    }

    private static String configuration() {
        return """
                defaults: { page_after: 90s, ready: { timeout: 90s } }
                contexts:
                  /activemq: { war: activemq.war, rolling_restart: false }
                  /rdf4j-server: { war: rdf4j-server.war, rolling_restart: false }
                  /jackrabbit: { war: jackrabbit.war, rolling_restart: false }
                """;
    }

    /** The same bytes with another time: what a deployment tool does that copies again. */
    private void replace(String name) throws IOException {
        Path war = base.resolve("webapps").resolve(name + ".war");
        Path draft = base.resolve(name + ".draft");
        Files.copy(war, draft, StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, war, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Asks again and again; the first page that is not there, or nothing. */
    private static String askUntil(HomeUnderTest marina, String page, long until) {
        while (System.nanoTime() < until) {
            try {
                new Visitor(marina::uri).page(page);
            } catch (AssertionError e) {
                return page + ": " + e.getMessage();
            }
        }
        return "";
    }

    private static void useAll(HomeUnderTest marina, int round) {
        useWiki(new Visitor(marina::uri), "Round " + round);
        useWicket(new Visitor(marina::uri));
        useJolokia(new Visitor(marina::uri).as("jo:secret"));
        useHawtio(new Visitor(marina::uri));
        useActiveMq(new Visitor(marina::uri), "orders" + round);
        useRdf4j(new Visitor(marina::uri), marina.uri("/rdf4j-server").toString(), "list" + round);
        useJsp(new Visitor(marina::uri));
        assertThat(new Visitor(marina::uri).page("/jersey/helloworld")).isEqualTo("Hello World!");
        assertThat(new Visitor(marina::uri).page("/jackrabbit/")).contains("Jackrabbit");
    }

    private static void useWiki(Visitor visitor, String text) {
        String form = visitor.page("/jspwiki/Edit.jsp?page=SandBox");
        String name = Visitor.find(form, "<input type='hidden' name='([a-z]+)' value='-?\\d+'");
        String value = Visitor.find(form, "<input type='hidden' name='[a-z]+' value='(-?\\d+)'");
        String page = visitor.form(
                "/jspwiki/Edit.jsp?page=SandBox",
                Map.of(
                        "page",
                        "SandBox",
                        "action",
                        "save",
                        "encodingcheck",
                        "\u3041",
                        name,
                        value,
                        "submit_auth",
                        "",
                        "_editedtext",
                        text + " \u00e4\u00f6\u00fc",
                        "ok",
                        "Save"));
        assertThat(page).contains(text + " \u00e4\u00f6\u00fc");
        assertThat(visitor.page("/jspwiki/Wiki.jsp?page=SandBox")).contains(text + " \u00e4\u00f6\u00fc");
    }

    /** A page with a state on the server: each click counts. */
    private static void useWicket(Visitor visitor) {
        String page = visitor.page("/wicket/linkomatic/home");
        for (int clicks = 1; clicks <= 3; clicks++) {
            page = visitor.page("/wicket/linkomatic/" + Visitor.find(page, "href=\"\\./(home\\?[^\"]*-actionLink)\""));
            assertThat(page).contains("Action link clicked <span>" + clicks + "<");
        }
    }

    private static void useJolokia(Visitor visitor) {
        assertThat(visitor.page("/jolokia/version")).contains("\"status\":200");
        String read =
                "{\"type\":\"read\",\"mbean\":\"marina:type=Context,path=\\\"/jolokia\\\"\",\"attribute\":\"State\"}";
        assertThat(visitor.body("/jolokia", "application/json", read)).contains("\"value\":\"ready\"");
    }

    private static void useHawtio(Visitor visitor) {
        assertThat(visitor.page("/hawtio/")).contains("<div id=\"root\">");
        String search = "{\"type\":\"search\",\"mbean\":\"marina:type=Context,*\"}";
        assertThat(visitor.body("/hawtio/jolokia", "application/json", search)).contains("/hawtio");
    }

    private static void useActiveMq(Visitor visitor, String queue) {
        String secret = Visitor.find(visitor.page("/activemq/queues.jsp"), "name=\"secret\" value=\"([^\"]*)\"");
        visitor.form(
                "/activemq/createDestination.action",
                Map.of("JMSDestinationType", "queue", "JMSDestination", queue, "secret", secret));
        String send = visitor.page("/activemq/send.jsp?JMSDestinationType=queue&JMSDestination=" + queue);
        visitor.form(
                "/activemq/sendMessage.action",
                Map.of(
                        "secret", Visitor.find(send, "name=\"secret\" value=\"([^\"]*)\""),
                        "JMSDestination", queue,
                        "JMSDestinationType", "queue",
                        "JMSMessageCount", "1",
                        "JMSMessageCountHeader", "JMSXMessageCounter",
                        "JMSText", "two boxes"));
        String browse = visitor.page("/activemq/browse.jsp?JMSDestination=" + queue);
        String id = Visitor.find(browse, "message\\.jsp\\?id=([^&\"]+)");
        assertThat(visitor.page("/activemq/message.jsp?JMSDestination=" + queue + "&id=" + id))
                .contains("two boxes");
    }

    private static void useRdf4j(Visitor visitor, String server, String repository) {
        visitor.form("/rdf4j-workbench/repositories/NONE/server", Map.of("workbench-server", server));
        visitor.form(
                "/rdf4j-workbench/repositories/NONE/create",
                Map.of(
                        "type",
                        "memory",
                        "Repository ID",
                        repository,
                        "Repository title",
                        "A list",
                        "Persist",
                        "true",
                        "Sync delay",
                        "0",
                        "EvaluationStrategyFactory",
                        "org.eclipse.rdf4j.query.algebra.evaluation.impl.StrictEvaluationStrategyFactory"));
        visitor.form(
                "/rdf4j-workbench/repositories/" + repository + "/update",
                Map.of("update", "INSERT DATA { <urn:milk> <urn:amount> 2 }"));
        String query = "/rdf4j-workbench/repositories/" + repository
                + "/query?action=exec&queryLn=SPARQL&query=SELECT%20%2A%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D";
        assertThat(visitor.page(query)).contains("urn:milk");
    }

    private static void useJsp(Visitor visitor) {
        assertThat(visitor.page("/jsp/jstl.jsp")).containsSubsequence("8", "9", "10");
        assertThat(visitor.page("/jsp/expr.jsp?A=1")).contains("${1+1}", "<td>2</td>");
        assertThat(visitor.page("/jsp/tagfile.jsp")).contains("A panel in a panel.");
    }
}
