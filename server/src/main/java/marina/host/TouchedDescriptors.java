package marina.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import marina.backend.BackendState;
import marina.config.Directories;
import marina.config.FileStamp;
import marina.context.MountedContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads, and has fresh instances take over in contexts whose file in conf/contexts was touched without being changed:
 * Tomcat's way to ask for a redeploy. What is written in other ways is compared by what it says. Used by one reload at a time.
 */
public final class TouchedDescriptors implements ConfigWatch.Changes {
    private static final Logger LOG = LoggerFactory.getLogger(TouchedDescriptors.class);

    private final Directories directories;
    private final Host host;
    private final Reloader reloader;
    private Map<Path, Read> read;

    /** A file as it was read last. */
    private record Read(FileStamp stamp, long sum) {}

    /** Takes the present files for what runs. */
    public TouchedDescriptors(Directories directories, Host host, Reloader reloader) {
        this.directories = directories;
        this.host = host;
        this.reloader = reloader;
        this.read = read(Map.of());
    }

    /** Has it take effect; no hook runs for it, and nothing is deployed anew for a mere touch. */
    @Override
    public void changedByHooks(AtRest rest) {
        read = read(read);
        var unused = reloader.settle(rest); // its outcome is logged
    }

    /** Reloads and redeploys; what comes of it is logged. */
    @Override
    public void changed(AtRest rest) {
        Map<Path, Read> now = read(read);
        Set<String> touched = new HashSet<>();
        now.forEach((file, as) -> {
            Read before = read.get(file);
            if (before != null && before.sum == as.sum && !before.stamp.equals(as.stamp)) {
                touched.add(directories.display(file));
            }
        });
        read = now;
        var unused = reloader.reload(ReloadCause.FILE_CHANGE, rest).thenRun(() -> redeploy(touched));
    }

    private void redeploy(Set<String> touched) {
        for (MountedContext context : host.contexts()) {
            boolean idle = context.status().backend().state() == BackendState.STOPPED;
            boolean runs =
                    Set.of("war", "command").contains(context.config().content().kind());
            if (runs && !idle && touched.contains(context.config().source().file())) {
                var unused = reloader.restart(context.path())
                        .thenAccept(outcome -> LOG.info(
                                "{} was touched; {}",
                                context.config().source().file(),
                                String.join("; ", outcome.messages())));
            }
        }
    }

    private Map<Path, Read> read(Map<Path, Read> before) {
        Path folder = directories.conf().resolve("contexts");
        Map<Path, Read> now = new HashMap<>();
        if (!Files.isDirectory(folder)) {
            return now;
        }
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            files.filter(file -> file.toString().endsWith(".yml") && Files.isRegularFile(file))
                    .forEach(file -> now.put(file, read(file, before.get(file))));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} changed while it was looked at", folder, e);
        }
        return now;
    }

    private static Read read(Path file, @Nullable Read before) {
        FileStamp stamp = FileStamp.ofFile(file);
        if (before != null && before.stamp.equals(stamp)) {
            return before;
        }
        CRC32 sum = new CRC32();
        try {
            sum.update(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Read(stamp, sum.getValue());
    }
}
