package bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of the suite: a server, or a load generator. All that are alive end with the suite. */
final class Child implements AutoCloseable {
    private static final long CLOCK_TICKS = 100; // USER_HZ of Linux, sysconf(_SC_CLK_TCK)

    private final Process process;

    private Child(Process process) {
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    }

    /** Starts it; its output goes to a file. */
    static Child start(Path output, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile()).redirectInput(new File("/dev/null"));
        return new Child(builder.start());
    }

    /** What a command prints; fails with it when the command does. */
    static String output(List<String> command, long seconds) throws IOException, InterruptedException {
        Path file = Files.createTempFile("bench", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(file.toFile())
                    .redirectInput(new File("/dev/null"))
                    .start();
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(file);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + (ended ? " failed: " : " took too long: ") + text);
            }
            return text;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Waits until somebody listens at a port of this machine. */
    Child awaitPort(int port, Path output) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("nobody listens at " + port + "; its output: " + Files.readString(output));
            }
            Thread.sleep(2);
        }
        return this;
    }

    /** Waits until whoever listens there answers, with whatever status: ports may be open long before. */
    Child awaitAnswer(int port, Path output) throws IOException, InterruptedException {
        awaitPort(port, output);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("nobody answers at " + port + "; its output: " + Files.readString(output));
            }
            Thread.sleep(2);
        }
        return this;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\nHost: bench\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'H';
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A port that nobody uses now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until it has ended. */
    void awaitEnd(long seconds) throws InterruptedException {
        process.waitFor(seconds, TimeUnit.SECONDS);
    }

    long pid() {
        return process.pid();
    }

    /** What it and its children have used of the processors so far, in microseconds (proc(5): utime and stime). */
    long cpuMicros() {
        return family().mapToLong(Child::micros).sum();
    }

    /** What it has in memory now without its children, in bytes; shared pages too. */
    long rss() {
        return statField(process.pid(), 24) * 4096;
    }

    private Stream<Long> family() {
        return Stream.concat(Stream.of(process.pid()), process.descendants().map(ProcessHandle::pid));
    }

    private static long micros(long pid) {
        return (statField(pid, 14) + statField(pid, 15)) * 1_000_000 / CLOCK_TICKS;
    }

    private static long statField(long pid, int number) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[number - 3]);
        } catch (IOException e) {
            return 0; // it has ended
        }
    }

    private void end() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        end();
    }
}
