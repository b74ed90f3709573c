package marina.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real database server of Debian's packages, in a folder of its own, on a port and a Unix socket of its own. It has the
 * database {@code shop} and the user {@code marina}. Run by root it runs as nobody, because such servers refuse root.
 */
public final class DatabaseServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;
    private final int port;
    private final Process process;

    private DatabaseServer(Path folder, int port, List<String> command) throws IOException {
        this.folder = folder;
        this.port = port;
        process = start(folder, command);
        await("a server that answers; see " + folder.resolve("log"))
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(Files.readString(folder.resolve("log")));
                    }
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    return true;
                });
    }

    /** PostgreSQL; empty, with a message, when it is not installed. */
    public static Optional<DatabaseServer> postgres(Path parent, String password) throws IOException {
        Optional<Path> initdb = find("initdb");
        if (initdb.isEmpty()) {
            System.err.println("SKIPPED: PostgreSQL is not installed here (apt-get install postgresql)");
            return Optional.empty();
        }
        Path programs = initdb.get().toRealPath().getParent();
        Path folder = folder(parent, "pg");
        Path secret = Files.writeString(folder.resolve("password"), password);
        run(
                folder,
                List.of(
                        initdb.get().toString(),
                        "-D",
                        folder.resolve("data").toString(),
                        "-U",
                        "marina",
                        "-A",
                        "scram-sha-256",
                        "--no-sync",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--pwfile=" + secret));
        run(
                folder,
                List.of(
                        "sh",
                        "-c",
                        "echo 'create database shop;' | " + programs.resolve("postgres") + " --single -D "
                                + folder.resolve("data") + " postgres"));
        int port = freePort();
        return Optional.of(new DatabaseServer(
                folder,
                port,
                List.of(
                        programs.resolve("postgres").toString(),
                        "-D",
                        folder.resolve("data").toString(),
                        "-p",
                        String.valueOf(port),
                        "-k",
                        folder.toString(),
                        "-c",
                        "listen_addresses=127.0.0.1,::1",
                        "-c",
                        "fsync=off")));
    }

    /** MariaDB; empty, with a message, when it is not installed. */
    public static Optional<DatabaseServer> mariaDb(Path parent, String password) throws IOException {
        Optional<Path> server = find("mariadbd");
        Optional<Path> install = find("mariadb-install-db");
        if (server.isEmpty() || install.isEmpty() || find("my_print_defaults").isEmpty()) {
            System.err.println(
                    "SKIPPED: MariaDB is not installed here (apt-get install mariadb-server-core mariadb-client-core)");
            return Optional.empty();
        }
        Path folder = folder(parent, "maria");
        String data = "--datadir=" + folder.resolve("data");
        run(
                folder,
                List.of(
                        install.get().toString(),
                        "--no-defaults",
                        data,
                        "--skip-test-db",
                        "--auth-root-authentication-method=normal"));
        String quoted = password.replace("\\", "\\\\").replace("'", "''");
        Path begin = Files.writeString(
                folder.resolve("begin.sql"),
                "create database shop;\ncreate user marina@'%' identified by '" + quoted
                        + "';\ngrant all on shop.* to marina@'%';\n");
        int port = freePort();
        return Optional.of(new DatabaseServer(
                folder,
                port,
                List.of(
                        server.get().toString(),
                        "--no-defaults",
                        data,
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--socket=" + folder.resolve("s"),
                        "--pid-file=" + folder.resolve("pid"),
                        "--skip-name-resolve",
                        "--init-file=" + begin)));
    }

    /** Its TCP port of the loopback addresses. */
    public int port() {
        return port;
    }

    /** MariaDB's Unix socket. */
    public Path socket() {
        return folder.resolve("s");
    }

    private static Path folder(Path parent, String name) throws IOException {
        // A short path, because the socket lies there; and not below a folder that only root may enter.
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "marina-" + name);
        Files.createSymbolicLink(parent.resolve(name), folder);
        if (CurrentUser.uid() == 0) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        return folder;
    }

    private static Optional<Path> find(String program) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String folder : System.getenv("PATH").split(":", -1)) {
            folders.add(Path.of(folder));
        }
        folders.add(Path.of("/usr/sbin"));
        if (Files.isDirectory(Path.of("/usr/lib/postgresql"))) {
            try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
                versions.map(version -> version.resolve("bin")).forEach(folders::add);
            }
        }
        return folders.stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Process start(Path folder, List<String> command) throws IOException {
        List<String> words = new ArrayList<>();
        if (CurrentUser.uid() == 0) {
            words.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        words.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        return builder.redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private static void run(Path folder, List<String> command) throws IOException {
        Process process = start(folder, command);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(command + ":\n" + Files.readString(folder.resolve("log")));
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
