package marina.webapp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import marina.config.DatabaseConfig;
import marina.config.Directories;
import marina.config.EeLevel;
import marina.leak.LeakGuard;
import marina.leak.TidyQueue;
import marina.user.UserFiles;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A server on a free port with a WarHost. */
final class HostUnderTest implements AutoCloseable {
    final WarHost host;
    final Path base;
    final MBeanServer mbeans = MBeanServerFactory.newMBeanServer();
    final LeakGuard leaks = new LeakGuard();
    private final UserFiles users;
    private final Server server;
    private final ServerConnector connector;
    private final List<HostedWar> wars = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    HostUnderTest(Path base) throws Exception {
        this.base = base;
        QueuedThreadPool threads = new QueuedThreadPool(16, 8, 60_000, new TidyQueue(leaks));
        threads.setName("test-server");
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Mounts(wars));
        server.start();
        WarHost.Folders folders = new WarHost.Folders(TestWar.LIB, base.resolve("work"), base.resolve("data"));
        users = new UserFiles(new Directories(base, base));
        host = new WarHost(server, folders, () -> mbeans, leaks, users);
    }

    WarSettings settings(String path, Path archive) {
        return settings(path, archive, Map.of());
    }

    WarSettings settings(String path, Path archive, Map<String, String> entries) {
        String url = "sqlite:data" + (path.equals("/") ? "/ROOT" : path) + ".db";
        return new WarSettings(path, archive, EeLevel.AUTO, entries, new DatabaseConfig(url, 4, "jdbc/default"), base);
    }

    HostedWar start(WarSettings settings) throws WarFailedException {
        HostedWar war = host.start(settings);
        // Longest path first: /sam/list1 before /sam before /.
        wars.add(war);
        wars.sort(Comparator.comparing(HostUnderTest::path).reversed());
        return war;
    }

    /** New requests go to others; those inside it go on. */
    void unmount(HostedWar war) {
        wars.remove(war);
    }

    void stop(HostedWar war) {
        wars.remove(war);
        war.stop();
    }

    private static String path(HostedWar war) {
        return handler(war).getContextPath();
    }

    String get(String path) throws IOException, InterruptedException {
        return response(path).body();
    }

    HttpResponse<String> response(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri("http", path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + connector.getLocalPort() + path);
    }

    /** What lies below a folder of the base, down to that depth. */
    static List<Path> below(Path folder, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.getNameCount() == folder.getNameCount() + depth)
                    .toList();
        }
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        for (HostedWar war : List.copyOf(wars)) {
            stop(war);
        }
        LifeCycle.stop(server);
        host.close();
        users.close();
    }

    private static final class Mounts extends Handler.Abstract {
        private final List<HostedWar> wars;

        Mounts(List<HostedWar> wars) {
            this.wars = wars;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            for (HostedWar war : wars) {
                if (war.handler().handle(request, response, callback)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Jetty's handler of the WAR itself. */
    static ContextHandler handler(HostedWar war) {
        return war.handler().getDescendants(ContextHandler.class).get(0);
    }
}
