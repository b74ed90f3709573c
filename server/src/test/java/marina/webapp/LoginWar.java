package marina.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.config.EeLevel;

/** A WAR that asks for a login; its pages tell who is asking. */
final class LoginWar {
    private static final String PAGES =
            """
            package app;
            import java.io.*;
            import $API.servlet.*; import $API.servlet.http.*;
            public class Pages extends HttpServlet {
                protected void service(HttpServletRequest q, HttpServletResponse a) throws ServletException, IOException {
                    if (q.getParameter("logout") != null) q.logout();
                    if (q.getParameter("end") != null) q.getSession().invalidate();
                    if (q.getParameter("login") != null) q.login(q.getParameter("login"), q.getParameter("password"));
                    a.setContentType("text/plain;charset=utf-8");
                    a.getWriter().print(q.getMethod() + " user=" + q.getRemoteUser()
                        + " principal=" + (q.getUserPrincipal() == null ? null : q.getUserPrincipal().getName())
                        + " type=" + q.getAuthType() + " manager=" + q.isUserInRole("manager")
                        + " clerk=" + q.isUserInRole("clerk") + " boss=" + q.isUserInRole("boss")
                        + " any=" + q.isUserInRole("**") + " sent=" + q.getParameter("sent"));
                }
            }
            """;

    private static final String ANNOTATED =
            """
            package app;
            import java.io.*;
            import $API.servlet.annotation.*; import $API.servlet.http.*;
            @WebServlet("/annotated") @ServletSecurity(@HttpConstraint(rolesAllowed = "manager"))
            public class Annotated extends HttpServlet {
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    a.getWriter().print("annotated for " + q.getRemoteUser());
                }
            }
            """;

    private LoginWar() {}

    /**
     * Packs one into webapps.
     *
     * @param login the content of login-config, empty for none
     */
    static void pack(Path base, EeLevel level, String name, String login) throws IOException {
        Files.createDirectories(base.resolve("webapps"));
        Path war = new TestWar(level, base.resolve("scratch"))
                .type("app.Pages", PAGES)
                .type("app.Annotated", ANNOTATED)
                .file("login.html", "please log in")
                .file("wrong.html", "that was wrong")
                .file("WEB-INF/web.xml", webXml(level, login))
                .pack(name);
        Files.copy(war, base.resolve("webapps").resolve(name));
    }

    static String form() {
        return "<auth-method>FORM</auth-method><form-login-config><form-login-page>/login.html</form-login-page>"
                + "<form-error-page>/wrong.html</form-error-page></form-login-config>";
    }

    static String basic() {
        return "<auth-method>BASIC</auth-method><realm-name>Members</realm-name>";
    }

    private static String webXml(EeLevel level, String login) {
        String version = ThreeWaysToSettingsTest.webXml(level).replaceAll(".*version=\"([0-9.]+)\".*", "$1");
        return """
            <web-app version="%s">
              <servlet><servlet-name>pages</servlet-name><servlet-class>app.Pages</servlet-class>
                <security-role-ref><role-name>boss</role-name><role-link>manager</role-link></security-role-ref></servlet>
              <servlet-mapping><servlet-name>pages</servlet-name><url-pattern>/open</url-pattern>
                <url-pattern>/member/*</url-pattern><url-pattern>/boss/*</url-pattern><url-pattern>/role/*</url-pattern>
              </servlet-mapping>
              %s %s %s
              %s
              <security-role><role-name>manager</role-name></security-role>
              <security-role><role-name>clerk</role-name></security-role>
            </web-app>
            """
                .formatted(
                        version,
                        constraint("/member/*", "**"),
                        constraint("/boss/*", "manager"),
                        constraint("/role/*", "*"),
                        login.isEmpty() ? "" : "<login-config>" + login + "</login-config>");
    }

    private static String constraint(String pattern, String role) {
        return "<security-constraint><web-resource-collection><web-resource-name>x</web-resource-name><url-pattern>"
                + pattern + "</url-pattern></web-resource-collection><auth-constraint><role-name>" + role
                + "</role-name></auth-constraint></security-constraint>";
    }
}
