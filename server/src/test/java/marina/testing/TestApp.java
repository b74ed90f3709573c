package marina.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import marina.config.Template;

/** The application of the tests: one class that behaves, or misbehaves, in the ways that its arguments name. */
public final class TestApp {
    private TestApp() {}

    /** Runs the mode that the first argument names; the others are its own. */
    public static void main(String[] arguments) throws Exception {
        List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
        switch (arguments[0]) {
            case "echo" -> serve(Integer.parseInt(rest.get(0)));
            case "slow" -> {
                pause(Long.parseLong(rest.get(1)));
                serve(Integer.parseInt(rest.get(0)));
            }
            case "hungry" -> serveHungry(Integer.parseInt(rest.get(0)));
            case "error" -> serveStatus(Integer.parseInt(rest.get(0)), Integer.parseInt(rest.get(1)));
            case "exit" -> {
                System.err.println("cannot open the database");
                Runtime.getRuntime().halt(Integer.parseInt(rest.get(0)));
            }
            case "silent" -> pause(Long.MAX_VALUE);
            case "hang" -> listenAndHang(Integer.parseInt(rest.get(0)));
            case "share" -> share(Integer.parseInt(rest.get(0)));
            case "stubborn" -> {
                // A JVM whose shutdown hook does not return goes on after SIGTERM.
                Runtime.getRuntime().addShutdownHook(new Thread(TestApp::holdOut, "hold-out"));
                serve(Integer.parseInt(rest.get(0)));
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** The command that runs this class in the running JVM's own java, as fast as it starts. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                TestApp.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The same for a command of the configuration; {@code ${port}} is filled in. */
    public static List<Template> template(String... arguments) {
        return Stream.of(command(arguments).toArray(String[]::new))
                .map(word -> word.equals("${port}")
                        ? new Template(List.of("", ""), List.of("port"))
                        : Template.literal(word))
                .toList();
    }

    private static void serve(int port) throws IOException {
        HttpServer server = server(port);
        server.createContext("/", TestApp::echo);
        server.start();
        System.out.println("listening on " + port);
    }

    private static void serveStatus(int port, int status) throws IOException {
        HttpServer server = server(port);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    /** Answers with its pid; GET /eat takes 300 MB and keeps them. */
    private static void serveHungry(int port) throws IOException {
        List<byte[]> eaten = new CopyOnWriteArrayList<>();
        HttpServer server = server(port);
        server.createContext("/", TestApp::echo);
        server.createContext("/eat", exchange -> {
            for (int i = 0; i < 300; i++) {
                byte[] megabyte = new byte[1024 * 1024];
                Arrays.fill(megabyte, (byte) 1);
                eaten.add(megabyte);
            }
            System.out.println("eaten so far: " + eaten.size() + " MB");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    private static HttpServer server(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        server.setExecutor(Executors.newCachedThreadPool());
        return server;
    }

    private static void echo(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String answer = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + ProcessHandle.current().pid() + "\n" + new String(body, StandardCharsets.UTF_8);
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }

    private static void listenAndHang(int port) throws Exception {
        try (ServerSocket socket = new ServerSocket(port, 128, InetAddress.getLoopbackAddress())) {
            System.out.println("hanging on " + socket.getLocalPort());
            pause(Long.MAX_VALUE);
        }
    }

    /** Serves on a port that another program may listen on too. */
    private static void share(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            System.out.println("sharing " + port);
            while (true) {
                try (Socket connection = socket.accept()) {
                    int unused = connection.getInputStream().read(new byte[8192]);
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private static void holdOut() {
        try {
            pause(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(long millis) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
