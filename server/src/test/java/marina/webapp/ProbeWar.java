package marina.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.config.EeLevel;

/** A WAR that tells what it finds, and does what a servlet may do; for comparing the places where it can run. */
final class ProbeWar {
    private static final String DUMP =
            """
            package app;
            import java.io.*; import java.util.*; import java.nio.charset.Charset;
            import $API.servlet.*; import $API.servlet.annotation.*; import $API.servlet.http.*;
            @WebServlet(urlPatterns = "/dump/*", initParams = @WebInitParam(name = "own", value = "of the servlet"))
            public class Dump extends HttpServlet {
                protected void service(HttpServletRequest q, HttpServletResponse a) throws ServletException, IOException {
                    if (q.getHeader("Read-As") != null) q.setCharacterEncoding(q.getHeader("Read-As"));
                    if (q.getMethod().equals("TRACE") || q.getMethod().equals("OPTIONS")) { super.service(q, a); return; }
                    if (q.getHeader("Write-As") != null) a.setContentType(q.getHeader("Write-As"));
                    PrintWriter w = a.getWriter();
                    w.println(q.getMethod() + " " + q.getRequestURL() + " " + q.getRequestURI() + " " + q.getProtocol());
                    w.println("at " + q.getContextPath() + " " + q.getServletPath() + " " + q.getPathInfo() + " ?"
                        + q.getQueryString() + " " + (q.getPathTranslated() != null));
                    w.println("by " + q.getScheme() + " " + q.isSecure() + " " + q.getServerName() + " "
                        + q.getServerPort() + " for " + q.getRemoteAddr() + " " + q.getRemoteHost() + " "
                        + q.getRemoteUser() + " " + q.getUserPrincipal() + " " + q.getAuthType());
                    w.println("says " + q.getCharacterEncoding() + " " + q.getContentType() + " " + q.getContentLength()
                        + " " + Collections.list(q.getLocales()) + " answers " + a.getCharacterEncoding());
                    for (Cookie c : q.getCookies() == null ? new Cookie[0] : q.getCookies())
                        w.println("cookie " + c.getName() + "=" + c.getValue());
                    Map<String, String> heads = new TreeMap<>();
                    for (String n : Collections.list(q.getHeaderNames()))
                        if (!List.of("connection", "transfer-encoding", "keep-alive").contains(n.toLowerCase(Locale.ROOT)))
                            heads.put(n.toLowerCase(Locale.ROOT), Collections.list(q.getHeaders(n)).toString());
                    w.println("fields " + heads);
                    new TreeMap<>(q.getParameterMap()).forEach((k, v) -> w.println("param " + k + "=" + Arrays.toString(v)));
                    if (q.getParameterMap().isEmpty()) {
                        ByteArrayOutputStream body = new ByteArrayOutputStream();
                        q.getInputStream().transferTo(body);
                        w.println("body " + body.size() + " " + Arrays.hashCode(body.toByteArray()));
                    }
                    ServletContext s = getServletContext();
                    w.println("context " + s.getServletContextName() + " " + s.getInitParameter("GREETING") + " "
                        + s.getInitParameter("DATABASE_URL") + " " + s.getInitParameter("of-web-xml") + " "
                        + getInitParameter("own") + " " + s.getEffectiveMajorVersion() + " " + s.getMajorVersion() + " "
                        + s.getServerInfo() + " " + (s.getRealPath("/sub/index.html") != null) + " "
                        + s.getMimeType("a.svg") + " " + s.getSessionTimeout() + " " + s.getRequestCharacterEncoding() + " "
                        + s.getContext("/elsewhere") + " " + s.getResource("/sub/index.html").getProtocol()
                        + " " + new TreeSet<>(Collections.list(s.getInitParameterNames())));
                    w.println("jvm " + Charset.defaultCharset() + " " + Locale.getDefault() + " "
                        + TimeZone.getDefault().getID());
                    try {
                        javax.naming.Context env = (javax.naming.Context) new javax.naming.InitialContext().lookup("java:comp/env");
                        w.println("jndi " + env.lookup("GREETING") + " " + env.lookup("DATABASE_URL") + " "
                            + (env.lookup("jdbc/default") instanceof javax.sql.DataSource));
                    } catch (javax.naming.NamingException e) { w.println("jndi " + e); }
                    Set<String> names = new TreeSet<>(Collections.list(q.getAttributeNames()));
                    w.println("attributes " + names);
                }
            }
            """;

    private static final String ACT =
            """
            package app;
            import java.io.*; import java.util.*; import java.nio.charset.StandardCharsets;
            import $API.servlet.*; import $API.servlet.annotation.*; import $API.servlet.http.*;
            @WebServlet(urlPatterns = "/act/*", asyncSupported = true)
            @MultipartConfig(maxFileSize = 2000, fileSizeThreshold = 100)
            public class Act extends HttpServlet {
                protected void service(HttpServletRequest q, HttpServletResponse a) throws ServletException, IOException {
                    switch (q.getPathInfo()) {
                        case "/error": a.sendError(Integer.parseInt(q.getParameter("status")), "a <secret> reason"); break;
                        case "/status": a.setStatus(Integer.parseInt(q.getParameter("status"))); break;
                        case "/throw": throw new IllegalStateException("a <secret> reason");
                        case "/throw-io": throw new IOException("a <secret> reason");
                        case "/unavailable": throw new UnavailableException("a <secret> reason", 30);
                        case "/own-page": throw new UnsupportedOperationException("mine");
                        case "/redirect": a.sendRedirect(q.getParameter("to")); break;
                        case "/late-throw": a.getOutputStream().print("begun"); a.flushBuffer();
                            throw new IllegalStateException("late");
                        case "/stream":
                            for (int i = 0; i < 5; i++) { a.getOutputStream().print("part " + i); a.flushBuffer(); }
                            break;
                        case "/large": a.getOutputStream().write(new byte[300_000]); break;
                        case "/fixed": a.setContentLength(5); a.getOutputStream().print("12345"); break;
                        case "/fields": fields(a); break;
                        case "/long-field": a.setHeader("X-Long", "y".repeat(20_000)); break;
                        case "/cookies": cookies(a); break;
                        case "/session": session(q, a); break;
                        case "/upload": upload(q, a); break;
                        case "/async": async(q, a); break;
                        case "/async-timeout": q.startAsync().setTimeout(300); break;
                        case "/forward": q.getRequestDispatcher("/dump/forwarded?more=1").forward(q, a); break;
                        case "/include": a.getWriter().print("["); a.flushBuffer();
                            q.getRequestDispatcher("/sub/index.html").include(q, a); break;
                        case "/login": a.getWriter().print(q.authenticate(a)); break;
                        case "/read": a.getWriter().print(q.getInputStream().readAllBytes().length); break;
                        default: a.sendError(404);
                    }
                }
                private void fields(HttpServletResponse a) throws IOException {
                    a.setHeader("X-One", "1"); a.addHeader("X-Two", "a"); a.addHeader("X-Two", "b");
                    a.setDateHeader("Last-Modified", 1_000_000_000_000L); a.setHeader("ETag", "\\"e\\"");
                    a.setHeader("Server", "mine"); a.setHeader("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
                    a.setHeader("X-Latin", "caf\\u00e9"); a.setHeader("Cache-Control", "no-store");
                    a.setHeader("Content-Language", "fr"); a.setContentType("text/plain;charset=ISO-8859-1");
                    a.getWriter().print("caf\\u00e9");
                }
                private void cookies(HttpServletResponse a) {
                    Cookie c = new Cookie("a", "1"); c.setPath("/"); c.setMaxAge(60); c.setHttpOnly(true); a.addCookie(c);
                    Cookie d = new Cookie("b", "2"); d.setSecure(true); d.setDomain("shop.example"); a.addCookie(d);
                    a.addHeader("Set-Cookie", "c=3; SameSite=None; Partitioned");
                }
                private void session(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    HttpSession s = q.getSession();
                    Integer n = (Integer) s.getAttribute("n");
                    s.setAttribute("n", n == null ? 1 : n + 1);
                    a.getWriter().print(s.getAttribute("n") + " " + q.isRequestedSessionIdFromCookie() + " "
                        + q.isRequestedSessionIdValid() + " " + s.getMaxInactiveInterval() + " " + a.encodeURL("/x")
                        + " " + a.encodeRedirectURL("y"));
                }
                private void upload(HttpServletRequest q, HttpServletResponse a) throws IOException, ServletException {
                    for (Part p : q.getParts())
                        a.getWriter().println(p.getName() + " " + p.getSubmittedFileName() + " " + p.getSize() + " "
                            + p.getContentType() + " " + new TreeSet<>(p.getHeaderNames()) + " "
                            + new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).hashCode());
                }
                private void async(HttpServletRequest q, HttpServletResponse a) {
                    AsyncContext c = q.startAsync();
                    c.start(() -> {
                        try { c.getResponse().getWriter().print("later " + q.isAsyncStarted()); } catch (IOException e) { }
                        c.complete();
                    });
                }
            }
            """;

    private static final String ECHO =
            """
            package app;
            import $API.websocket.*; import $API.websocket.server.*;
            @ServerEndpoint(value = "/echo/{name}", subprotocols = {"v2", "v1"})
            public class Echo {
                @OnMessage public String echo(Session s, @PathParam("name") String name, String text) {
                    return name + " " + s.getRequestURI() + " " + s.isSecure() + " " + s.getQueryString() + " "
                        + s.getNegotiatedSubprotocol() + " " + s.getNegotiatedExtensions().size() + " " + text;
                }
            }
            """;

    private static final String WEB_XML =
            """
            <web-app version="VERSION">
              <display-name>Probe</display-name>
              <context-param><param-name>of-web-xml</param-name><param-value>yes</param-value></context-param>
              <context-param><param-name>GREETING</param-name><param-value>overridden</param-value></context-param>
              <session-config><session-timeout>42</session-timeout></session-config>
              <welcome-file-list><welcome-file>index.html</welcome-file></welcome-file-list>
              <error-page><error-code>409</error-code><location>/sub/conflict.html</location></error-page>
              <error-page>
                <exception-type>java.lang.UnsupportedOperationException</exception-type>
                <location>/error.jsp</location>
              </error-page>
              <security-constraint>
                <web-resource-collection><web-resource-name>x</web-resource-name><url-pattern>/closed/*</url-pattern>
                </web-resource-collection>
                <auth-constraint/>
              </security-constraint>
            </web-app>
            """;

    private ProbeWar() {}

    /** Builds it as {@code webapps/NAME} of an instance. */
    static void pack(EeLevel level, Path base, String name) throws IOException {
        String version = level == EeLevel.EE8 ? "4.0" : "6.0";
        Path war = new TestWar(level, Files.createDirectories(base.resolve("scratch-" + name)))
                .type("app.Dump", DUMP)
                .type("app.Act", ACT)
                .type("app.Echo", ECHO)
                .file("WEB-INF/web.xml", WEB_XML.replace("VERSION", version))
                .file("sub/index.html", "welcome")
                .file("sub/conflict.html", "a page for 409")
                .file("notes.txt", "0123456789".repeat(30))
                .file("closed/secret.txt", "closed")
                .file("empty/only.txt", "there is no index here")
                .file(
                        "error.jsp",
                        "<%@ page isErrorPage=\"true\" contentType=\"text/plain\" %>own page: <%= exception.getMessage() %>"
                                + " <%= request.getAttribute(\"" + (level == EeLevel.EE8 ? "javax" : "jakarta")
                                + ".servlet.error.request_uri\") %>")
                .file(
                        "page.jsp",
                        "<%@ page contentType=\"text/html; charset=utf-8\" %>caf\u00e9 ${param.a} <%= request.getRequestURL() %>")
                .pack(name);
        Files.createDirectories(base.resolve("webapps"));
        Files.copy(war, base.resolve("webapps").resolve(name));
    }
}
