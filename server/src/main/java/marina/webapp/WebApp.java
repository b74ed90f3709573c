package marina.webapp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import javax.naming.NamingException;
import javax.sql.DataSource;
import marina.config.EeLevel;
import marina.config.ErrorPages;
import marina.config.WebConfig;
import marina.scan.ArchiveScan;
import marina.scan.ScanConfiguration;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.plus.jndi.EnvEntry;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.SessionConfig;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.util.component.Environment;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Jetty's WebAppContext of any EE level, set up as Marina wants it. Owned by its {@link HostedWar}; set up by one thread.
 *
 * @param context the level's WebAppContext: the scope of its JNDI names
 * @param handler the same thing as a handler of the server
 */
record WebApp(Object context, ContextHandler handler) {

    /** Jetty 9 to 11 that a WAR brings along would try to start its WebSockets in this server. */
    private static final String FOREIGN_INITIALIZERS = "org\\.eclipse\\.jetty\\.websocket\\..*";

    /**
     * Creates a context that is not started. To be called with the environment's loader as context class loader.
     *
     * @param environment of the level
     * @param level not AUTO
     * @param pages for errors for which the WAR has none
     */
    static WebApp create(Server server, Environment environment, EeLevel level, ErrorPages pages) {
        ClassLoader loader = environment.getClassLoader();
        String jetty = "org.eclipse.jetty." + environment.getName();
        Object context = EeClass.create(EeClass.load(loader, jetty + ".webapp.WebAppContext"));
        Object handler = context instanceof Supplier<?> nested ? nested.get() : context;
        if (!(handler instanceof ContextHandler contextHandler)) {
            throw new IllegalStateException(handler + " is no context handler");
        }
        WebApp webApp = new WebApp(context, contextHandler);
        contextHandler.setServer(server);
        // Installed by default: it serves whatever a symbolic link points to.
        contextHandler.clearAliasChecks();
        EeClass.call(context, "setThrowUnavailableOnStartupException", true);
        EeClass.call(
                context,
                "setAttribute",
                "org.eclipse.jetty.containerInitializerExclusionPattern",
                FOREIGN_INITIALIZERS);
        // MetaInfConfiguration.METAINF_TLDS; Jetty adds those of the WAR.
        EeClass.call(context, "setAttribute", "org.eclipse.jetty.tlds", StandardTags.of(environment));
        if (level.compareTo(EeLevel.EE10) >= 0) {
            // Without it getServletPath() throws when the path holds %25; encoded slashes are refused before.
            EeClass.call(EeClass.get(context, "getServletHandler"), "setDecodeAmbiguousURIs", true);
        }
        webApp.addErrorPage(
                jetty, ErrorPage.servlet(loader, level == EeLevel.EE8 ? "javax.servlet" : "jakarta.servlet", pages));
        return webApp;
    }

    private void addErrorPage(String jetty, Object servlet) {
        ClassLoader loader = context.getClass().getClassLoader();
        Object holder = EeClass.create(EeClass.load(loader, jetty + ".servlet.ServletHolder"), "marina-error", servlet);
        EeClass.call(holder, "setAsyncSupported", true);
        EeClass.call(context, "addServlet", holder, ErrorPage.PATH);
        Object errors = EeClass.get(context, "getErrorHandler");
        // ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, the same in all levels; the WAR's own pages win.
        EeClass.call(errors, "addErrorPage", "org.eclipse.jetty.server.error_page.global", ErrorPage.PATH);
    }

    /**
     * Where it is mounted and where its files are.
     *
     * @param folder of the exploded WAR
     * @param temp a folder of its own, emptied by Jetty
     */
    void mount(String contextPath, Path folder, Path temp) {
        EeClass.call(context, "setContextPath", contextPath);
        EeClass.call(context, "setDisplayName", contextPath);
        EeClass.call(context, "setExtractWAR", false);
        EeClass.call(context, "setWar", folder.toUri().toString());
        EeClass.call(context, "setTempDirectory", temp.toFile());
    }

    /**
     * Has its classes looked through only when no earlier start has done so.
     *
     * @param temp a folder of its own
     */
    void remember(Environment environment, WarFiles files, Path temp) {
        files.scan().ifPresent(file -> remember(environment, new ArchiveScan(files.folder(), file), temp));
    }

    private void remember(Environment environment, ArchiveScan scan, Path temp) {
        if (EeClass.get(context, "getConfigurations") instanceof List<?> configurations) {
            ScanConfiguration.install(environment, configurations, scan);
        }
        handler.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarted(LifeCycle event) {
                scan.keep(temp);
            }
        });
    }

    /** Takes its classes from there. */
    void share(String contextPath, SharedClasses.Use classes) {
        if (context instanceof WebAppClassLoader.Context loading) {
            // Found once for each level, by the loader of the thread; with that of a WAR EE8 and EE9 would find none.
            EeClass.get(context, "getConfigurations");
            EeClass.call(context, "setClassLoader", classes.loaderFor(contextPath, loading));
        }
    }

    /** Session cookies, and who the users are. */
    void secure(String contextPath, WarRealm realm) {
        Object sessions = EeClass.get(context, "getSessionHandler");
        Object config =
                sessions instanceof SessionConfig.Mutable ? sessions : EeClass.get(sessions, "getSessionManager");
        if (config instanceof SessionConfig.Mutable cookies) {
            cookies.setHttpOnly(true);
            cookies.setSameSite(HttpCookie.SameSite.LAX);
            cookies.setSessionCookie(sessionCookie(contextPath));
            // Ids in URLs end up in logs and in links that people pass on; a WAR whose web.xml says so gets them.
            cookies.setUsingUriParameters(false);
        }
        identify(contextPath, realm);
    }

    /** Who may log in to it, and how. */
    private void identify(String contextPath, WarRealm realm) {
        handler.addBean(realm); // restores the users of sessions that were kept
        Object security = EeClass.get(context, "getSecurityHandler");
        EeClass.call(security, "setLoginService", realm);
        if (security instanceof SecurityHandler handlerOfCore) {
            handlerOfCore.setAuthenticatorFactory(new WarLogins(realm, contextPath));
            return;
        }
        String name = context.getClass().getPackageName();
        String jetty = name.substring(0, name.lastIndexOf('.'));
        NestedLogins logins = new NestedLogins(context.getClass().getClassLoader(), jetty, realm, contextPath);
        EeClass.call(security, "setAuthenticatorFactory", logins.factory());
    }

    /** What the operator has for all WARs, below their own web.xml. */
    void defaults(OperatorDefaults defaults, WebConfig web, Path file) throws IOException {
        String own = String.valueOf(EeClass.get(context, "getDefaultsDescriptor"));
        defaults.write(web, own, context.getClass().getClassLoader(), file);
        EeClass.call(context, "setDefaultsDescriptor", file.toUri().toString());
    }

    /** What the operator has said of this WAR, above its own web.xml. */
    void apply(WebConfig web) {
        new WebRules(context, this::sessionManager).apply(web);
    }

    /** Knows its sessions. */
    SessionManager sessionManager() {
        Object sessions = EeClass.get(context, "getSessionHandler");
        Object manager = sessions instanceof SessionManager ? sessions : EeClass.get(sessions, "getSessionManager");
        if (manager instanceof SessionManager sessionManager) {
            return sessionManager;
        }
        throw new IllegalStateException(manager + " manages no sessions");
    }

    /** A browser sends the cookies of /sam to /sam/list1 too: nested contexts must not share a name. */
    private static String sessionCookie(String contextPath) {
        if (contextPath.equals("/")) {
            return "JSESSIONID";
        }
        CRC32 checksum = new CRC32();
        checksum.update(contextPath.getBytes(StandardCharsets.UTF_8));
        return "JSESSIONID_" + HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    /** Binds the settings at java:comp/env. */
    void bind(Map<String, String> entries, Map<String, DataSource> sources) throws NamingException {
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            bind(entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, DataSource> source : sources.entrySet()) {
            bind(source.getKey(), source.getValue());
        }
    }

    private void bind(String name, Object value) throws NamingException {
        // The constructor binds; true makes it win over web.xml.
        new EnvEntry(context, name, value, true);
    }

    /**
     * Makes the settings init parameters, by a descriptor that is read after web.xml and so wins over it. It also
     * says whether folders are listed, and has JSP pages compiled for Java 17.
     *
     * @param file written; to be deleted after the start, because settings are secrets
     */
    void override(Path file, Map<String, String> entries, WebConfig web, boolean listings) throws IOException {
        Map<String, String> parameters = new TreeMap<>(entries);
        parameters.putAll(web.parameters());
        // Without a version this would count as Servlet 2.3 and switch annotations off.
        StringBuilder xml = new StringBuilder("<web-app version=\"4.0\">\n");
        parameters.forEach((name, value) ->
                xml.append("<context-param>").append(parameter(name, value)).append("</context-param>\n"));
        new TreeMap<>(web.mime()).forEach((extension, type) -> xml.append("<mime-mapping><extension>")
                .append(escape(extension))
                .append("</extension><mime-type>")
                .append(escape(type))
                .append("</mime-type></mime-mapping>\n"));
        xml.append(servlet("default", Map.of("dirAllowed", String.valueOf(listings))));
        xml.append(servlet("jsp", Map.of("compilerSourceVM", "17", "compilerTargetVM", "17")));
        Files.writeString(file, xml.append("</web-app>\n"));
        EeClass.call(context, "setOverrideDescriptor", file.toUri().toString());
    }

    private static String servlet(String name, Map<String, String> parameters) {
        StringBuilder xml = new StringBuilder("<servlet><servlet-name>" + name + "</servlet-name>");
        new TreeMap<>(parameters)
                .forEach((key, value) ->
                        xml.append("<init-param>").append(parameter(key, value)).append("</init-param>"));
        return xml.append("</servlet>\n").toString();
    }

    private static String parameter(String name, String value) {
        return "<param-name>" + escape(name) + "</param-name><param-value>" + escape(value) + "</param-value>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
