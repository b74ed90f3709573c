package marina.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An exported Worker in Cloudflare's runtime on this machine, with its public files in R2. */
public final class WorkerUnderTest implements AutoCloseable {
    private final Process node;
    private final URI url;

    private WorkerUnderTest(Process node, URI url) {
        this.node = node;
        this.url = url;
    }

    /**
     * Starts one.
     *
     * @param exported the folder with what was exported
     * @param base the instance with the public files
     * @param recording whether its requests come back as JSON instead of being sent
     */
    public static WorkerUnderTest start(Path exported, Path base, boolean recording) {
        Path harness =
                Path.of("src", "test", "resources", "edge", "harness.mjs").toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(
                        "node",
                        harness.toString(),
                        Miniflare.installed().toString(),
                        exported.toString(),
                        base.toString(),
                        Boolean.toString(recording))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("NO_COLOR", "1");
        try {
            Process node = builder.start();
            BufferedReader output = node.inputReader(StandardCharsets.UTF_8);
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("http://")) {
                    drain(output);
                    return new WorkerUnderTest(node, URI.create(line.strip()));
                }
            }
            node.destroy();
            throw new AssertionError("the Worker did not start");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader output) {
        Thread thread = new Thread(() -> output.lines().forEach(System.err::println), "worker-output");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code 127.0.0.1:port}, which is its Host, too. */
    public String authority() {
        return url.getAuthority();
    }

    /** Where it listens. */
    public int port() {
        return url.getPort();
    }

    /** A path of it. */
    public URI uri(String path) {
        return url.resolve(path);
    }

    @Override
    public void close() {
        try {
            node.getOutputStream().close();
            if (!node.waitFor(20, TimeUnit.SECONDS)) {
                node.descendants().forEach(ProcessHandle::destroyForcibly);
                node.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
