package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one WAR, and who asks one, cannot reach in a whole Marina. */
@SuppressWarnings("NullAway.Init")
class ForbiddenGroundTest {
    private static final String SERVLET =
            """
            package app;
            import java.io.*; import java.util.*; import $API.servlet.*;
            import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
            @WebServlet({"/do", "/do/*"})
            public class Curious extends HttpServlet {
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException, ServletException {
                    ServletContext context = getServletContext();
                    String with = q.getParameter("with");
                    Object seen;
                    try {
                        seen = switch (q.getParameter("what")) {
                            case "class" -> Class.forName(with);
                            case "contextClass" -> Thread.currentThread().getContextClassLoader().loadClass(with);
                            case "resource" -> context.getResource(with);
                            case "stream" -> context.getResourceAsStream(with);
                            case "pathInfo" -> new String(context.getResourceAsStream(q.getPathInfo()).readAllBytes());
                            case "realPath" -> context.getRealPath(with) == null || !new File(context.getRealPath(with)).exists()
                                ? null : context.getRealPath(with);
                            case "paths" -> context.getResourcePaths(with);
                            case "loader" -> getClass().getResource(with);
                            case "context" -> context.getContext(with) == null || context.getContext(with).getContextPath().equals(context.getContextPath())
                                ? null : context.getContext(with).getAttribute("mine");
                            case "include" -> { q.getRequestDispatcher(with).include(q, a); yield "included"; }
                            case "setAttribute" -> { context.setAttribute("mine", with); yield "set"; }
                            case "attribute" -> context.getAttribute("mine");
                            case "login" -> { q.getSession(true).setAttribute("who", with); yield q.getSession().getId(); }
                            case "who" -> q.getSession(false) == null ? null : q.getSession(false).getAttribute("who");
                            default -> throw new IOException("secret detail");
                        };
                    } catch (ClassNotFoundException | NoClassDefFoundError | java.net.MalformedURLException | IllegalArgumentException e) {
                        seen = null;
                    }
                    a.setContentType("text/plain");
                    a.getWriter().print(seen == null ? "nothing" : seen);
                }
            }
            """;

    @TempDir
    Path base;

    private MarinaUnderTest marina;

    private void start(EeLevel level) throws Exception {
        Path folder = new TestWar(level, base.resolve("webapps"))
                .type("app.Curious", SERVLET)
                .file("index.html", "open")
                .file("dir/a.txt", "a text")
                .file("page.jsp", "<%@ page session=\"false\" %>a page")
                .file("WEB-INF/web.xml", "<web-app version=\"4.0\"></web-app>")
                .file("WEB-INF/secret.txt", "secret text")
                .file("META-INF/secret.txt", "secret text")
                .explode("app");
        Files.writeString(base.resolve("secret.txt"), "secret text");
        Files.createDirectories(base.resolve("outside"));
        Files.writeString(base.resolve("outside/secret.txt"), "secret text");
        Files.createSymbolicLink(folder.resolve("link.txt"), base.resolve("secret.txt"));
        Files.createSymbolicLink(folder.resolve("linked"), base.resolve("outside"));
        Files.createSymbolicLink(folder.resolve("inf"), folder.resolve("WEB-INF"));
        marina = MarinaUnderTest.start(
                base,
                "contexts: { /a: { war: app, ee: %1$s }, /b: { war: app, ee: %1$s } }"
                        .formatted(level.name().substring(2)));
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    private String ask(String context, String what, String with, String... headers) {
        HttpResponse<String> answer = marina.get(context + "/do?what=" + what + "&with=" + with, headers);
        assertThat(answer.statusCode())
                .as(what + " " + with + ": " + answer.body())
                .isEqualTo(200);
        return answer.body();
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void aWarCannotReachTheServerNorItsNeighbours(EeLevel level) throws Exception {
        start(level);
        assertThat(ask("/a", "class", "app.Curious")).isEqualTo("class app.Curious");
        for (String name : List.of(
                "marina.Main",
                "marina.leak.LeakGuard",
                "org.snakeyaml.engine.v2.api.Load",
                "com.zaxxer.hikari.HikariDataSource",
                "org.eclipse.jetty.server.Server",
                "org.eclipse.jetty.server.internal.HttpConnection",
                "org.eclipse.jetty.client.HttpClient",
                "org.sqlite.JDBC",
                "ch.qos.logback.classic.LoggerContext",
                "org.shredzone.acme4j.Account",
                "com.github.benmanes.caffeine.cache.Cache",
                "at.favre.lib.crypto.bcrypt.BCrypt",
                "org.apache.commons.codec.digest.Md5Crypt",
                "org.jose4j.jwt.JwtClaims")) {
            assertThat(ask("/a", "class", name)).as(name).isEqualTo("nothing");
            assertThat(ask("/a", "contextClass", name)).as(name).isEqualTo("nothing");
        }
        assertThat(ask("/a", "stream", "/dir/a.txt")).isNotEqualTo("nothing");
        for (String up : List.of(
                "/../../secret.txt",
                "/dir/../../../secret.txt",
                "../../secret.txt",
                "/dir/..%5C..%5C..%5Csecret.txt")) {
            for (String way : List.of("resource", "stream", "realPath", "loader")) {
                assertThat(ask("/a", way, up)).as(way + " " + up).isEqualTo("nothing");
            }
        }
        assertThat(ask("/a", "paths", "/../")).as("folders above").doesNotContain("secret", "webapps");

        assertThat(ask("/b", "setAttribute", "b's")).isEqualTo("set");
        assertThat(ask("/a", "attribute", "")).isEqualTo("nothing");
        for (String other : List.of("/b", "/b/", "/b/do", "/a/../b")) {
            assertThat(ask("/a", "context", other)).as(other).isEqualTo("nothing");
        }
        String session = ask("/b", "login", "me");
        assertThat(ask("/a", "who", "")).isEqualTo("nothing");
        String id = session.contains(".") ? session.substring(0, session.indexOf('.')) : session;
        String cookie = ask("/a", "login", "other").isEmpty() ? "" : cookieName("/a");
        assertThat(ask("/a", "who", "", "Cookie", cookie + "=" + id)).isEqualTo("nothing");
        assertThat(ask("/b", "who", "", "Cookie", cookieName("/b") + "=" + session))
                .isEqualTo("me");
    }

    private String cookieName(String context) {
        String field = marina.get(context + "/do?what=login&with=x")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        return field.substring(0, field.indexOf('='));
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void aClientSeesNeitherWebInfNorLinksNorWhatServesIt(EeLevel level) throws Exception {
        start(level);
        assertThat(marina.get("/a/dir/a.txt").body()).isEqualTo("a text");
        assertThat(marina.get("/a/do/dir/a.txt?what=pathInfo").body()).isEqualTo("a text");
        for (String path : List.of(
                "/WEB-INF/secret.txt",
                "/META-INF/secret.txt",
                "/web-inf/secret.txt",
                "/Meta-Inf/secret.txt",
                "/%57EB-INF/secret.txt",
                "/WEB%2DINF/secret.txt",
                "/WEB-INF%2Fsecret.txt",
                "/%2e/WEB-INF/secret.txt",
                "/./WEB-INF/secret.txt",
                "//WEB-INF/secret.txt",
                "/dir/../WEB-INF/secret.txt",
                "/dir/%2e%2e/WEB-INF/secret.txt",
                "/dir/..;/WEB-INF/secret.txt",
                "/;x/WEB-INF/secret.txt",
                "/WEB-INF;x=1/secret.txt",
                "/WEB-INF./secret.txt",
                "/WEB-INF%20/secret.txt",
                "/WEB-INF%00/secret.txt",
                "/WEB-INF%5Csecret.txt",
                "/WEB-INF/secret.txt%00",
                "/WEB-INF",
                "/WEB-INF/",
                "/inf/secret.txt",
                "/link.txt",
                "/linked/secret.txt",
                "/dir/",
                "/../secret.txt",
                "/%2e%2e/%2e%2e/secret.txt",
                "/do?what=include&with=/../../secret.txt",
                "/do/%252e%252e/%252e%252e/secret.txt?what=pathInfo",
                "/do/x/.%252E/%252e./%252e%252e/%252e%252e/secret.txt?what=pathInfo",
                "/nothing",
                "/do?what=unknown")) {
            String answer = RawClient.exchange(
                    marina.uri(""), "GET /a" + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(path).matches("(?s)HTTP/1.1 (30[128]|4..|5..) .*");
            assertThat(answer).as(path).doesNotContain("secret text", "secret detail", "a.txt", "Exception", "at app.");
            assertThat(answer.toLowerCase(Locale.ROOT))
                    .as(path)
                    .doesNotContain("jetty", "12.1", "\r\nserver:", "x-powered-by", "java");
        }
        for (String path : List.of("/a/page.jsp", "/a/dir/a.txt", "/a/do?what=attribute")) {
            assertThat(marina.get(path).headers().map()).as(path).doesNotContainKeys("server", "x-powered-by");
        }
        String trace = RawClient.exchange(
                marina.uri(""), "TRACE /a/do HTTP/1.1\r\nHost: h\r\nX-Probe: probe\r\nConnection: close\r\n\r\n");
        assertThat(trace).startsWith("HTTP/1.1 4").doesNotContain("probe");
    }
}
