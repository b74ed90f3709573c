package marina.context;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import marina.backend.ProcessEnvironment;
import marina.config.Directories;
import marina.config.EeLevel;
import marina.process.ExitOutcome;
import marina.process.LaunchException;
import marina.process.OutputSink;
import marina.process.ProcessLauncher;
import marina.process.ProcessSpec;
import marina.process.RunningProcess;
import marina.webapp.Rehearsal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the JVMs of isolated WARs would otherwise read and check anew at each start: archives of classes (class-data sharing),
 * one for each level, in {@code work/cds}. Each is made once for this JVM and these jars, by a process of its own that loads
 * the classes, in the background. Without one, starts are slower and nothing else. Thread-safe.
 */
final class ClassArchives {
    private static final Logger LOG = LoggerFactory.getLogger(ClassArchives.class);
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final String CHECKED = ".sha256";

    private final Directories directories;
    private final Path folder;
    private final ProcessLauncher launcher;
    private final List<Path> classPath;
    private final Map<EeLevel, Archive> known = new ConcurrentHashMap<>();
    private final Set<EeLevel> begun = ConcurrentHashMap.newKeySet();

    /**
     * One that may be used.
     *
     * @param file empty for none
     * @param size that it must have: a JVM of Java 17 crashes with one that is too short
     */
    private record Archive(Optional<Path> file, long size) {
        static final Archive NONE = new Archive(Optional.empty(), 0);
    }

    /** Says how the process is started that makes an archive. */
    interface Commands {
        /**
         * Program and arguments.
         *
         * @param base instance folder of the process
         * @param war what it runs
         * @param archive to be written at its end
         */
        List<String> rehearsal(EeLevel level, Path base, Path war, Path archive);
    }

    ClassArchives(Directories directories, ProcessLauncher launcher, String classPath) {
        this.directories = directories;
        this.folder = directories.work().resolve("cds").toAbsolutePath();
        this.launcher = launcher;
        this.classPath =
                Stream.of(classPath.split(File.pathSeparator, -1)).map(Path::of).toList();
    }

    /** The archive for a level, if there is one. May block for a moment. */
    Optional<Path> of(EeLevel level) {
        Archive archive = known.computeIfAbsent(level, this::find);
        return archive.file().filter(file -> {
            try {
                return Files.size(file) == archive.size();
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Makes the archive for a level when there is none; once, and not on this thread. */
    void want(EeLevel level, Commands commands) {
        // A folder of classes cannot be archived: this is no installation.
        boolean jars = classPath.stream().allMatch(entry -> entry.toString().endsWith(".jar"));
        if (level == EeLevel.AUTO || !jars || of(level).isPresent() || !begun.add(level)) {
            return;
        }
        try {
            make(level, commands);
        } catch (IOException | LaunchException e) {
            failed(level, e.toString());
        }
    }

    private void make(EeLevel level, Commands commands) throws IOException, LaunchException {
        Files.createDirectories(folder);
        Path base = Files.createTempDirectory(folder, "new");
        Path fresh = base.resolve("classes.jsa");
        RunningProcess process;
        try {
            List<String> command = commands.rehearsal(level, base, Rehearsal.write(base), fresh);
            Map<String, String> own = Map.of("DATABASE_URL", "sqlite:data/notes.db");
            process = launcher.launch(new ProcessSpec(
                    "class archive " + name(level), command, base, ProcessEnvironment.with(own), OutputSink.NONE));
        } catch (IOException | LaunchException e) {
            delete(base);
            throw e;
        }
        var unused = process.exitWithin(LONGEST)
                .thenCompose(ended -> process.terminate(GRACE))
                .thenCompose(gone -> process.exit())
                .thenAccept(outcome -> keep(level, outcome, fresh))
                .whenComplete((done, failure) -> {
                    delete(base);
                    if (failure != null) {
                        failed(level, failure.toString());
                    }
                });
    }

    private void keep(EeLevel level, ExitOutcome outcome, Path fresh) {
        if (outcome.status() != 0 || !Files.isRegularFile(fresh)) {
            failed(level, outcome.describe() + " " + String.join(" | ", outcome.lastLines()));
            return;
        }
        try {
            Path file = fileOf(level);
            removeOthers(level);
            String checksum = checksum(fresh);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(checkOf(file), checksum);
            known.put(level, new Archive(Optional.of(file), Files.size(file)));
            LOG.info("Archive of the classes of level {} made: {}", name(level), file);
        } catch (IOException e) {
            failed(level, e.toString());
        }
    }

    private static void failed(EeLevel level, String reason) {
        LOG.warn(
                "No archive of the classes of level {}, WARs with isolation: process start slower: {}",
                name(level),
                reason);
    }

    private Archive find(EeLevel level) {
        Path file = fileOf(level);
        try {
            if (!Files.isRegularFile(checkOf(file))
                    || !Files.readString(checkOf(file)).equals(checksum(file))) {
                return Archive.NONE;
            }
            return new Archive(Optional.of(file), Files.size(file));
        } catch (IOException e) {
            return Archive.NONE;
        }
    }

    /** Its name says for which JVM and which jars it is good. */
    private Path fileOf(EeLevel level) {
        MessageDigest digest = sha256();
        for (String property : List.of("java.home", "java.vm.name", "java.vm.version", "os.arch")) {
            update(digest, System.getProperty(property, ""));
        }
        classPath.forEach(jar -> update(digest, jar));
        jars(directories.lib().resolve(name(level))).forEach(jar -> update(digest, jar));
        String key = HexFormat.of().formatHex(digest.digest(), 0, 8);
        return folder.resolve(name(level) + "-" + key + ".jsa");
    }

    private static List<Path> jars(Path lib) {
        try (Stream<Path> files = Files.list(lib)) {
            return files.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static void update(MessageDigest digest, Path jar) {
        try {
            update(digest, jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar));
        } catch (IOException e) {
            update(digest, jar.toString());
        }
    }

    private static void update(MessageDigest digest, String text) {
        digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Path checkOf(Path file) {
        return file.resolveSibling(file.getFileName() + CHECKED);
    }

    private static String checksum(Path file) throws IOException {
        try (InputStream content = new DigestInputStream(Files.newInputStream(file), sha256())) {
            content.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) content).getMessageDigest().digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Those for another JVM or other jars. A JVM that runs with one keeps its content. */
    private void removeOthers(EeLevel level) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, name(level) + "-*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void delete(Path base) {
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("Cannot delete {}: {}", base, e.toString());
        }
    }

    private static String name(EeLevel level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
