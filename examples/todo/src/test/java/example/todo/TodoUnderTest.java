package example.todo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.plus.webapp.EnvConfiguration;
import org.eclipse.jetty.ee10.plus.webapp.PlusConfiguration;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.plus.jndi.EnvEntry;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.sqlite.SQLiteDataSource;

/** The application in a real server, with its own web.xml, on a port of its own, and a client to it. */
final class TodoUnderTest implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpClient client = HttpClient.newHttpClient();
    private final String contextPath;

    /** Mounted at a path, with a SQLite file as its database. */
    TodoUnderTest(String contextPath, Path database) throws Exception {
        this.contextPath = contextPath;
        server.addConnector(connector);
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + database);
        WebAppContext context = new WebAppContext();
        context.setContextPath(contextPath);
        context.setBaseResourceAsPath(Path.of("src/main/webapp"));
        context.setClassLoader(TodoUnderTest.class.getClassLoader());
        context.addConfiguration(new EnvConfiguration(), new PlusConfiguration());
        context.setThrowUnavailableOnStartupException(true);
        new EnvEntry(context, "jdbc/default", source, false);
        server.setHandler(context);
        server.start();
    }

    String origin() {
        return "http://127.0.0.1:" + connector.getLocalPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(origin() + contextPath + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    String page() throws IOException, InterruptedException {
        return send(request("/")).body();
    }

    /** Posts one field as the page's forms do without JavaScript. */
    HttpResponse<String> post(String path, String name, String value) throws IOException, InterruptedException {
        return send(form(path, name, value));
    }

    /** Posts one field as the page's script does. */
    HttpResponse<String> fetch(String path, String name, String value) throws IOException, InterruptedException {
        return send(form(path, name, value).header("Accept", "application/json"));
    }

    HttpRequest.Builder form(String path, String name, String value) {
        String body = name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
        server.destroy();
    }
}
