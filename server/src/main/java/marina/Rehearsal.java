package marina;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import marina.admin.CommandLine;
import marina.config.Directories;
import marina.server.MarinaServer;

/**
 * A server of no use but to have the JVM load, and see at work, what every server needs: {@link ClassArchive} is made of
 * that at its end. Its folder is its own.
 */
final class Rehearsal implements Callable<Integer> {
    /** Enough for the JVM to see what is called most. */
    private static final int ROUNDS = 60;

    private static final String WITHOUT =
            """
            listen: "127.0.0.1:0"
            contexts:
              /files: { files: site }
              /app: { war: app, ee: 10 }
              /command: { command: [app, "${port}"] }
            """;
    private static final String ADDED = WITHOUT + "  /upstream: { upstream: \"%s/files/\" }\n";
    private static final String CHANGED =
            WITHOUT + "  /upstream: { upstream: \"%s/files/\", timeouts: { answer: 9s } }\n";
    private static final List<String> TARGETS =
            List.of("/up", "/files/", "/files/page.html", "/upstream/page.html", "/app/notes.txt", "/nothing");

    private final CommandLine commands;
    private final Directories directories;
    private final Map<String, String> environment;

    Rehearsal(CommandLine commands, Directories directories, Map<String, String> environment) {
        this.commands = commands;
        this.directories = directories;
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Path base = directories.base();
        for (String folder : List.of("conf", "site", "webapps/app/WEB-INF")) {
            Files.createDirectories(base.resolve(folder));
        }
        Files.writeString(base.resolve("conf/server.yml"), WITHOUT);
        Files.writeString(base.resolve("site/page.html"), "<p>" + "A page. ".repeat(ROUNDS));
        Files.writeString(base.resolve("site/index.html"), "<p>Hello");
        Files.writeString(base.resolve("webapps/app/WEB-INF/web.xml"), "<web-app version=\"6.0\"/>");
        Files.writeString(base.resolve("webapps/app/notes.txt"), "notes");
        return RunServer.once(commands, directories, environment, this::play).call();
    }

    /** Uses it as clients do, and reloads it with a context that is new, one that has changed, and one that has gone. */
    private void play(MarinaServer server) {
        try {
            URI url = server.urls().get(0);
            for (String next : List.of(ADDED, CHANGED, WITHOUT, ADDED)) {
                Files.writeString(directories.conf().resolve("server.yml"), next.formatted(url));
                server.reloader().reload().join();
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (String target : TARGETS) {
                    ask(url.getPort(), target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ask(int port, String target) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
                    + "X-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }
}
