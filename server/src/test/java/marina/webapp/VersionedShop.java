package marina.webapp;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import marina.config.EeLevel;
import marina.context.MountedContext;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;

/** A shop in webapps that says which version answers whom; each version is another archive. */
final class VersionedShop implements AutoCloseable {
    private static final String KEPT = "marina.test.shops";

    /** {@code user=} logs in, {@code end} logs out, {@code life=} shortens the session, {@code id} gives it another id. */
    private static final String SERVLET =
            """
            List<Object> kept = (List<Object>) System.getProperties().get("marina.test.shops");
            if (kept != null) kept.add(new java.lang.ref.WeakReference<>(getClass()));
            HttpSession s = q.getSession(q.getParameter("user") != null);
            if (q.getParameter("user") != null) s.setAttribute("user", q.getParameter("user"));
            if (q.getParameter("life") != null) s.setMaxInactiveInterval(Integer.parseInt(q.getParameter("life")));
            if (q.getParameter("id") != null) q.changeSessionId();
            Object user = s == null ? null : s.getAttribute("user");
            if (q.getParameter("end") != null) s.invalidate();
            try (InputStream version = getServletContext().getResourceAsStream("/version.txt")) {
                a.getWriter().print(new String(version.readAllBytes()) + " " + user);
            }
            """;

    private final Path base;
    private final TestWar war;
    private final List<WeakReference<Class<?>>> generations = new CopyOnWriteArrayList<>();

    VersionedShop(Path base) throws IOException {
        this.base = base;
        war = new TestWar(EeLevel.EE10, base.resolve("scratch")).type("app.Do", TestWar.servlet(SERVLET));
        Files.createDirectories(base.resolve("webapps"));
        System.getProperties().put(KEPT, generations);
    }

    /** From now on with this web.xml. */
    void webXml(String text) {
        war.file("WEB-INF/web.xml", text);
    }

    /** Puts an archive into webapps whose answers begin with these words. */
    void put(String file, String words) throws IOException {
        put(file, war.file("version.txt", words));
    }

    /** Puts an archive into webapps whose application does not start. */
    void putBroken(String file) throws IOException {
        put(
                file,
                new TestWar(EeLevel.EE10, base.resolve("scratch"))
                        .type(
                                "app.Licence",
                                """
                                package app;
                                import $API.servlet.*; import $API.servlet.annotation.WebListener;
                                @WebListener public class Licence implements ServletContextListener {
                                    public void contextInitialized(ServletContextEvent e) {
                                        throw new IllegalStateException("no licence");
                                    }
                                }
                                """));
    }

    private void put(String file, TestWar content) throws IOException {
        Files.move(content.pack("next.war"), base.resolve("webapps").resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(String file) throws IOException {
        Files.delete(base.resolve("webapps").resolve(file));
    }

    /** The generations of which a class is still in memory. */
    long generationsInMemory() {
        System.gc();
        return generations.stream()
                .map(WeakReference::get)
                .filter(type -> type != null)
                .distinct()
                .count();
    }

    /** Goes over to what is in webapps now. */
    static ReloadOutcome reload(MarinaUnderTest marina) {
        return marina.server().reloader().reload().join();
    }

    /** The older versions that are mounted: {@code /shop##1}. */
    static List<String> older(MarinaUnderTest marina) {
        return marina.server().host().olderVersions().stream()
                .map(MountedContext::versionName)
                .toList();
    }

    static void awaitOlder(MarinaUnderTest marina, String... names) {
        await().atMost(Duration.ofSeconds(30)).until(() -> older(marina), List.of(names)::equals);
    }

    @Override
    public void close() {
        System.getProperties().remove(KEPT);
    }

    /** A browser with its cookies. */
    static final class Visitor {
        private final HttpClient client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

        /** What the shop answers; the status before it when that is not 200. */
        String ask(MarinaUnderTest marina, String query) throws Exception {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(marina.uri("/shop/do" + query))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : answer.statusCode() + " " + answer.body();
        }
    }
}
