package marina.context;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import marina.config.ContextPath;
import marina.process.OutputSink;

/** The log files of the contexts' applications: {@code contexts/sam/list1.log} below the log folder. Thread-safe. */
public final class ContextLogs implements AutoCloseable {
    private final Path directory;
    private final Copy copy;
    private final Map<Path, ContextLog> logs = new ConcurrentHashMap<>();

    /** Who else is told what programs print; must neither block nor throw. */
    public interface Copy {
        /** Nobody. */
        Copy NONE = (source, channel, line) -> {};

        /**
         * One line.
         *
         * @param source the name of the context or of the service
         */
        void line(String source, OutputSink.Channel channel, String line);
    }

    /** Logs below this folder. */
    public ContextLogs(Path directory, Copy copy) {
        this.directory = directory;
        this.copy = copy;
    }

    /** The log of a context; generations of one context share it. */
    public OutputSink of(ContextPath path) {
        return of(file(directory, path), path.name());
    }

    /** The log of a helper process of the server, {@code services/redis.log}. */
    public OutputSink ofService(String name) {
        return of(directory.resolve("services").resolve(name + ".log"), name);
    }

    /** The file of a context's log below a log folder, whether it exists or not. */
    public static Path file(Path directory, ContextPath path) {
        return directory.resolve("contexts").resolve(path.name() + ".log");
    }

    /** Closes the file of a context that is gone. */
    public void close(ContextPath path) {
        ContextLog log = logs.get(file(directory, path));
        if (log != null) {
            log.close();
        }
    }

    private OutputSink of(Path file, String source) {
        ContextLog log = logs.computeIfAbsent(file, ContextLog::new);
        return copy == Copy.NONE
                ? log
                : (channel, line) -> {
                    log.line(channel, line);
                    copy.line(source, channel, line);
                };
    }

    @Override
    public void close() {
        logs.values().forEach(ContextLog::close);
    }
}
