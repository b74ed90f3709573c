package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import marina.config.EeLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostedWarTest {
    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private HostUnderTest host;

    @BeforeEach
    void start() throws Exception {
        host = new HostUnderTest(base);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private TestWar war(EeLevel level) {
        return new TestWar(level, base).file("WEB-INF/web.xml", ThreeWaysToSettingsTest.webXml(level));
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void jspPagesCompile(EeLevel level) throws Exception {
        String page =
                "<%@ page contentType=\"text/plain\" %><% var list = java.util.List.of(1, 2); %>${2 * 21} <%= list %>";
        host.start(host.settings(
                "/j",
                war(level).type("app.Do", servlet("")).file("page.jsp", page).pack("j.war")));
        assertThat(host.get("/j/page.jsp")).isEqualTo("42 [1, 2]");
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void webSocketsEcho(EeLevel level) throws Exception {
        String endpoint =
                """
                package app;
                import $API.websocket.*; import $API.websocket.server.ServerEndpoint;
                @ServerEndpoint("/echo")
                public class Echo { @OnMessage public String echo(String text) { return "echo " + text; } }
                """;
        host.start(host.settings(
                "/w",
                war(level)
                        .type("app.Do", servlet(""))
                        .type("app.Echo", endpoint)
                        .pack("w.war")));
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = host.client()
                .newWebSocketBuilder()
                .buildAsync(host.uri("ws", "/w/echo"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        answer.complete(data.toString());
                        return CompletableFuture.completedStage(null);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
        socket.abort();
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void cannotLoadWhatMarinaIsMadeOf(EeLevel level) throws Exception {
        String body =
                """
                for (String name : List.of("marina.webapp.WarHost", "org.slf4j.Logger", "com.zaxxer.hikari.HikariDataSource",
                        "org.sqlite.JDBC", "picocli.CommandLine", "org.eclipse.jetty.server.Server", "com.sun.jna.Native"))
                    try { Class.forName(name); a.getWriter().print(name); } catch (ClassNotFoundException e) { }
                ClassLoader loader = Thread.currentThread().getContextClassLoader();
                for (String name : List.of("META-INF/services/java.sql.Driver", "META-INF/services/org.slf4j.spi.SLF4JServiceProvider",
                        "marina/webapp/WarHost.class"))
                    if (loader.getResource(name) != null) a.getWriter().print(loader.getResource(name));
                a.getWriter().print("nothing else");
                """;
        host.start(host.settings("/i", war(level).type("app.Do", servlet(body)).pack("i.war")));
        assertThat(host.get("/i/do")).isEqualTo("nothing else");
    }

    @Test
    void itsOwnCopyOfALibraryWins() throws Exception {
        Path war = war(EeLevel.EE10)
                .type(
                        "org.slf4j.Logger",
                        "package org.slf4j; public class Logger { public String toString() { return \"own\"; } }")
                .type(
                        "app.Do",
                        servlet(
                                "a.getWriter().print(Class.forName(\"org.slf4j.Logger\").getConstructor().newInstance());"))
                .pack("o.war");
        host.start(host.settings("/o", war));
        assertThat(host.get("/o/do")).isEqualTo("own");
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void directoriesAreNotListedAndWebInfIsClosed(EeLevel level) throws Exception {
        host.start(host.settings(
                "/l",
                war(level).type("app.Do", servlet("")).file("dir/a.txt", "text").pack("l.war")));
        assertThat(host.get("/l/dir/a.txt")).isEqualTo("text");
        assertThat(host.response("/l/dir/").statusCode()).isEqualTo(403);
        assertThat(host.get("/l/dir/")).doesNotContain("a.txt");
        assertThat(host.response("/l/WEB-INF/web.xml").statusCode()).isEqualTo(404);
        assertThat(host.response("/l" + ErrorPage.PATH).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void errorPagesTellTheClientNothing(EeLevel level) throws Exception {
        String body = "if (q.getParameter(\"send\") != null) { a.sendError(409, \"secret reason\"); return; }"
                + " throw new IllegalStateException(\"secret details\");";
        host.start(host.settings("/e", war(level).type("app.Do", servlet(body)).pack("e.war")));
        HttpResponse<String> thrown = host.response("/e/do");
        assertThat(thrown.statusCode()).isEqualTo(500);
        assertThat(thrown.body()).contains("500 Server Error").doesNotContain("secret", "Exception", "app.Do", "Jetty");
        HttpResponse<String> sent = host.response("/e/do?send=1");
        assertThat(sent.statusCode()).isEqualTo(409);
        assertThat(sent.body()).contains("409 Conflict").doesNotContain("secret");
        assertThat(host.get("/e/none")).contains("404 Not Found").doesNotContain("Jetty");
    }

    @Test
    void itsOwnErrorPageWins() throws Exception {
        Path war = new TestWar(EeLevel.EE10, base)
                .file("mine.html", "my own page")
                .file(
                        "WEB-INF/web.xml",
                        "<web-app version=\"6.0\"><error-page><location>/mine.html</location></error-page></web-app>")
                .pack("own.war");
        host.start(host.settings("/own", war));
        HttpResponse<String> response = host.response("/own/none");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("my own page");
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void symbolicLinksAndTraceAreRefused(EeLevel level) throws Exception {
        Path folder =
                war(level).type("app.Do", servlet("")).file("a.txt", "text").explode("exploded");
        Path secret = Files.writeString(base.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(folder.resolve("link.txt"), secret);
        host.start(host.settings("/x", folder));
        assertThat(host.get("/x/a.txt")).isEqualTo("text");
        assertThat(host.response("/x/link.txt").statusCode()).isEqualTo(404);
        HttpRequest trace = HttpRequest.newBuilder(host.uri("http", "/x/a.txt"))
                .method("TRACE", HttpRequest.BodyPublishers.noBody())
                .header("X-Probe", "probe")
                .build();
        HttpResponse<String> response = host.client().send(trace, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isBetween(400, 499);
        assertThat(response.body()).doesNotContain("probe");
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void sessionCookiesOfNestedContextsDiffer(EeLevel level) throws Exception {
        Path war = war(level).type("app.Do", servlet("q.getSession(true);")).pack("c.war");
        host.start(host.settings("/sam", war));
        host.start(host.settings("/sam/list1", war));
        String outer =
                host.response("/sam/do").headers().firstValue("Set-Cookie").orElse("");
        String inner = host.response("/sam/list1/do")
                .headers()
                .firstValue("Set-Cookie")
                .orElse("");
        assertThat(inner).startsWith("JSESSIONID_").contains("Path=/sam/list1", "HttpOnly", "SameSite=Lax");
        assertThat(outer).contains("Path=/sam;");
        assertThat(inner.substring(0, inner.indexOf('='))).isNotEqualTo(outer.substring(0, outer.indexOf('=')));
    }

    @Test
    void asksForPasswordsThoughNobodyHasOne() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .file(
                        "WEB-INF/web.xml",
                        "<web-app version=\"6.0\"><security-constraint><web-resource-collection><web-resource-name>all"
                                + "</web-resource-name><url-pattern>/*</url-pattern></web-resource-collection>"
                                + "<auth-constraint><role-name>admin</role-name></auth-constraint></security-constraint>"
                                + "<login-config><auth-method>BASIC</auth-method><realm-name>The Office</realm-name>"
                                + "</login-config></web-app>")
                .pack("auth.war");
        host.start(host.settings("/auth", archive));
        HttpResponse<String> response = host.response("/auth/");
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).contains("realm=\"The Office\"");
    }
}
