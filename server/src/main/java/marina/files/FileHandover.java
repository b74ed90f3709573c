package marina.files;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends files below a folder that an application names. Thread-safe; never blocks its caller. */
public final class FileHandover {
    private static final Logger LOG = LoggerFactory.getLogger(FileHandover.class);

    private final Path root;
    private final String application;
    private final Executor executor;
    private final StatusAnswer errors;
    private final FileReader reader;

    /**
     * Sends files.
     *
     * @param root the folder; what is out of it, also by links, is refused
     * @param application who names the files, for the log
     * @param executor for what may block
     */
    public FileHandover(Path root, String application, Executor executor, StatusAnswer errors) {
        this.root = root;
        this.application = application;
        this.executor = executor;
        this.errors = errors;
        this.reader = new FileReader(root, false);
    }

    /**
     * Sends a file with ranges and conditions; the fields that the response has been given stay. 404 when it is not there.
     *
     * @param name an absolute path, or one relative to the folder, even when it begins with a slash; maybe percent-encoded
     */
    public void send(String name, Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        try {
            executor.execute(() -> sendOrFail(name, exchange));
        } catch (RejectedExecutionException e) {
            exchange.error(errors, HttpStatus.SERVICE_UNAVAILABLE_503); // the server is stopping
        }
    }

    private void sendOrFail(String name, Exchange exchange) {
        try {
            sendNow(name, exchange);
        } catch (RuntimeException e) {
            Response.writeError(exchange.request(), exchange.response(), exchange.callback(), e);
        }
    }

    private void sendNow(String name, Exchange exchange) {
        StoredFile file = find(name);
        if (file != null) {
            new FileAnswer(exchange, errors, executor).send(file);
            return;
        }
        LOG.warn("{} named the file \"{}\", which is not there or not below {}: 404", application, name, root);
        exchange.response().reset();
        exchange.error(errors, HttpStatus.NOT_FOUND_404);
    }

    private @Nullable StoredFile find(String name) {
        StoredFile file = read(name);
        return file == null && name.indexOf('%') >= 0 ? read(decoded(name)) : file;
    }

    private @Nullable StoredFile read(String name) {
        try {
            Path absolute = Path.of(name).normalize();
            StoredFile file = absolute.isAbsolute() ? reader.read(absolute, null) : null;
            // The URI of an X-Accel-Redirect begins with a slash too.
            return file != null
                    ? file
                    : reader.read(root.resolve(withoutSlashes(name)).normalize(), null);
        } catch (InvalidPathException e) {
            return null;
        } catch (IOException e) {
            LOG.warn("Cannot read \"{}\": {}", name, e.toString());
            return null;
        }
    }

    private static String withoutSlashes(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == '/') {
            start++;
        }
        return name.substring(start);
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }
}
