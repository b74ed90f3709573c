package marina.webapp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import marina.config.EeLevel;

/** A WAR whose parts are found by their annotations alone, in its classes and in a jar. */
final class AnnotatedWar {
    private static final String APP =
            """
            package app;
            import java.io.*; import java.util.*; import javax.sql.DataSource; import $API.annotation.*; import $API.servlet.*;
            import $API.servlet.annotation.*; import $API.servlet.http.*; import $API.websocket.*; import $API.websocket.server.*;
            public class App {
                static final List<String> EVENTS = Collections.synchronizedList(new ArrayList<>());

                @WebServlet(value = "/state", loadOnStartup = 1, initParams = @WebInitParam(name = "p", value = "v"))
                public static class State extends HttpServlet {
                    @Resource(name = "jdbc/mine") private DataSource mine;
                    @PostConstruct void made() { EVENTS.add("made"); }
                    public void init() { EVENTS.add("init " + getInitParameter("p")); }
                    protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                        ServletContext c = getServletContext();
                        String product;
                        try (var connection = mine.getConnection()) { product = connection.getMetaData().getURL(); }
                        catch (java.sql.SQLException e) { product = e.toString(); }
                        a.getWriter().print(EVENTS + " filters=" + q.getAttribute("filters") + " found=" + c.getAttribute("found")
                            + " c=" + c.getInitParameter("c") + " url=" + c.getInitParameter("DATABASE_URL") + " pool=" + product
                            + " timeout=" + q.getSession().getMaxInactiveInterval());
                    }
                }

                @WebFilter("/*")
                public static class Mark implements Filter {
                    public void init(FilterConfig c) {}
                    public void destroy() {}
                    public void doFilter(ServletRequest q, ServletResponse a, FilterChain c) throws IOException, ServletException {
                        q.setAttribute("filters", q.getAttribute("filters") + ",own");
                        c.doFilter(q, a);
                    }
                }

                @WebListener
                public static class Begin implements ServletContextListener {
                    public void contextInitialized(ServletContextEvent e) { EVENTS.add("begin"); }
                    public void contextDestroyed(ServletContextEvent e) {}
                }

                @WebServlet("/parts") @MultipartConfig(maxRequestSize = 1000)
                public static class Parts extends HttpServlet {
                    protected void doPost(HttpServletRequest q, HttpServletResponse a) throws IOException, ServletException {
                        a.getWriter().print(q.getPart("x").getSize() + " bytes");
                    }
                }

                @ServerEndpoint("/echo")
                public static class Echo {
                    @OnMessage public String on(String text) { return "echo " + text; }
                }

                public static class FoundAsKind implements lib.Lib.Kind {}
                public static class FoundBelow extends FoundAsKind {}
                @lib.Lib.Sign public static class FoundByType {}
                public static class FoundByField { @lib.Lib.Sign int field; }
                public static class FoundByMethod { @lib.Lib.Sign void method() {} }
                public static class NotFound {}
            }
            """;

    /** A class of its own: Jetty overlooks the constraints of nested ones. */
    private static final String CLOSED =
            """
            package app;
            import $API.servlet.annotation.*;
            @WebServlet("/closed") @ServletSecurity(@HttpConstraint(ServletSecurity.EmptyRoleSemantic.DENY))
            public class Closed extends $API.servlet.http.HttpServlet {}
            """;

    private static final String LIB =
            """
            package lib;
            import java.io.*; import java.util.*; import $API.servlet.*; import $API.servlet.annotation.*; import $API.servlet.http.*;
            public class Lib {
                public interface Kind {}
                @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME) public @interface Sign {}
                public static class FoundBeside implements Kind {}

                @HandlesTypes({Kind.class, Sign.class})
                public static class Initializer implements ServletContainerInitializer {
                    public void onStartup(Set<Class<?>> types, ServletContext c) {
                        Set<String> names = new TreeSet<>();
                        if (types != null) types.forEach(type -> names.add(type.getSimpleName()));
                        c.setAttribute("found", names.toString());
                    }
                }

                @WebServlet("/lib")
                public static class InJar extends HttpServlet {
                    protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                        a.getWriter().print("from the jar, filters=" + q.getAttribute("filters"));
                    }
                }

                @WebFilter("/*")
                public static class Mark implements Filter {
                    public void init(FilterConfig c) {}
                    public void destroy() {}
                    public void doFilter(ServletRequest q, ServletResponse a, FilterChain c) throws IOException, ServletException {
                        q.setAttribute("filters", q.getAttribute("filters") + ",lib");
                        c.doFilter(q, a);
                    }
                }

                public static class Tag extends $API.servlet.jsp.tagext.SimpleTagSupport {
                    public void doTag() throws IOException { getJspContext().getOut().print("tag"); }
                }
            }
            """;

    private static final String TLD =
            """
            <taglib version="2.1" xmlns="NAMESPACE"><tlib-version>1</tlib-version><short-name>l</short-name>
            <uri>urn:lib</uri><tag><name>tag</name><tag-class>lib.Lib$Tag</tag-class><body-content>empty</body-content></tag></taglib>
            """
                    .replace("NAMESPACE", "http://java.sun.com/xml/ns/javaee");

    private AnnotatedWar() {}

    static TestWar of(EeLevel level, Path scratch) throws IOException {
        Path lib = new TestWar(level, scratch).type("lib.Lib", LIB).explode("lib");
        Path classes = lib.resolve("WEB-INF/classes");
        String version = ThreeWaysToSettingsTest.webXml(level).replaceAll(".*version=\"([0-9.]+)\".*", "$1");
        return new TestWar(level, scratch)
                .type("app.App", APP, classes.toString())
                .type("app.Closed", CLOSED)
                .file("WEB-INF/lib/lib.jar", jar(classes, level))
                .file("WEB-INF/web.xml", "<web-app version=\"" + version + "\"/>")
                .file(
                        "page.jsp",
                        "<%@ page contentType=\"text/plain\" %><%@ taglib uri=\"urn:lib\" prefix=\"l\" %>a <l:tag/>")
                .file("dir/index.html", "the usual page")
                .file("dir/other.html", "another page");
    }

    private static byte[] jar(Path classes, EeLevel level) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String service = "META-INF/services/" + (level == EeLevel.EE8 ? "javax" : "jakarta")
                + ".servlet.ServletContainerInitializer";
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                put(zip, classes.relativize(file).toString(), Files.readAllBytes(file));
            }
            put(zip, service, "lib.Lib$Initializer".getBytes(StandardCharsets.UTF_8));
            put(zip, "META-INF/lib.tld", TLD.getBytes(StandardCharsets.UTF_8));
            put(
                    zip,
                    "META-INF/web-fragment.xml",
                    "<web-fragment version=\"4.0\"><name>lib</name></web-fragment>".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
    }
}
