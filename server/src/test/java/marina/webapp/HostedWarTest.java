package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import marina.config.EeLevel;
import org.eclipse.jetty.server.handler.ContextHandler;
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

    /** A servlet at /do whose body is this. */
    private static String servlet(String body) {
        return """
                package app;
                import java.io.*; import java.sql.*; import java.util.*; import javax.naming.*; import javax.sql.DataSource;
                import $API.servlet.*; import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
                @WebServlet("/do")
                public class Do extends HttpServlet {
                    protected void service(HttpServletRequest q, HttpServletResponse a) throws ServletException, IOException {
                        try { BODY } catch (Exception e) { throw new ServletException(e); }
                    }
                }
                """
                .replace("BODY", body);
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
    void sqliteHasItsPragmasAndThePoolClosesWithTheWar() throws Exception {
        String body =
                """
                DataSource source = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/other");
                try (Connection c = source.getConnection(); Statement s = c.createStatement()) {
                    for (String pragma : List.of("journal_mode", "busy_timeout", "foreign_keys")) {
                        ResultSet r = s.executeQuery("pragma " + pragma);
                        a.getWriter().print(pragma + "=" + r.getString(1) + " ");
                    }
                }
                """;
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.Do", servlet(body))
                .file(
                        "WEB-INF/web.xml",
                        "<web-app version=\"6.0\"><resource-ref><res-ref-name>jdbc/other</res-ref-name>"
                                + "<res-type>javax.sql.DataSource</res-type></resource-ref></web-app>")
                .pack("p.war");
        HostedWar war = host.start(host.settings("/p", archive));
        assertThat(base.resolve("data")).as("opened at first use").doesNotExist();
        assertThat(host.get("/p/do")).isEqualTo("journal_mode=wal busy_timeout=10000 foreign_keys=1 ");
        host.stop(war);
        war.stop();
        assertThatThrownBy(() -> war.dataSource().getConnection())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("closed");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("/p "));
    }

    @Test
    void saysWhereAMissingDriverBelongs() throws Exception {
        Path archive = war(EeLevel.EE10).file("index.html", "x").pack("n.war");
        WarSettings settings = new WarSettings(
                "/n",
                archive,
                EeLevel.AUTO,
                java.util.Map.of(),
                new marina.config.DatabaseConfig("mysql://u:secret@localhost/d", 2, "jdbc/default"),
                base);
        HostedWar war = host.start(settings);
        assertThatThrownBy(() -> war.dataSource().getConnection())
                .hasMessageContaining("No JDBC driver for mysql://u:***@localhost/d; put its jar into lib/");
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

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void tenGenerationsLeaveNoClassLoaderBehind(EeLevel level) throws Exception {
        String driver =
                """
                package app;
                import java.sql.*; import java.util.*;
                public class OwnDriver implements Driver {
                    static { try { DriverManager.registerDriver(new OwnDriver()); } catch (SQLException e) { throw new Error(e); } }
                    public Connection connect(String url, Properties p) { return null; }
                    public boolean acceptsURL(String url) { return false; }
                    public DriverPropertyInfo[] getPropertyInfo(String url, Properties p) { return new DriverPropertyInfo[0]; }
                    public int getMajorVersion() { return 1; }
                    public int getMinorVersion() { return 0; }
                    public boolean jdbcCompliant() { return false; }
                    public java.util.logging.Logger getParentLogger() { return null; }
                }
                """;
        Path archive = war(level)
                .type("app.OwnDriver", driver)
                .type("app.Settings", ThreeWaysToSettingsTest.SERVLET)
                .type("app.Do", servlet("Class.forName(\"app.OwnDriver\");"))
                .pack("leak.war");
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            HostedWar war = host.start(host.settings("/leak", archive, java.util.Map.of("GREETING", "x")));
            assertThat(host.get("/leak/settings")).contains("count=1");
            assertThat(host.response("/leak/do").statusCode()).isEqualTo(200);
            loaders.add(new WeakReference<>(((ContextHandler) war.handler()).getClassLoader()));
            host.stop(war);
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            System.gc();
            // Caches of the JDK remember one class or another; what must not happen is that each generation stays.
            assertThat(loaders).filteredOn(loader -> loader.get() != null).hasSizeLessThanOrEqualTo(1);
        });
    }
}
