package marina.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.Directories;
import marina.context.Failures;
import marina.context.MountedContext;

/**
 * Puts archives into webapps, takes them out, and puts those from before back. Each appears under its name at once and whole.
 * What goes is kept for a rollback; nothing outside of webapps and conf/contexts is touched. One change at a time; the files
 * may take a moment, the reload that follows is waited for by the future. Thread-safe.
 */
public final class Deployments {
    private static final String WAR = ".war";

    private final Directories directories;
    private final Host host;
    private final Reloader reloader;
    private final DeployedFiles files;

    /** Deployments of a host. */
    public Deployments(Directories directories, Host host, Reloader reloader) {
        this.directories = directories;
        this.host = host;
        this.reloader = reloader;
        this.files = new DeployedFiles(directories);
        files.removeLeftovers();
    }

    /**
     * Finishes an undeployment or a rollback that a killed Marina has begun; to be called before the configuration is read.
     *
     * @return whether there was something to finish
     * @throws IOException when it cannot be finished; it is tried again at the next call
     */
    public static boolean finish(Directories directories) throws IOException {
        return new DeployedFiles(directories).finish();
    }

    /**
     * What was deployed before.
     *
     * @param name of the file
     * @param at when its successor took its place
     * @param size in bytes
     */
    public record Previous(String name, Instant at, long size) {}

    /** A new file in webapps that nobody takes for an application; an upload is written there and then deployed. */
    public Path newUpload() throws IOException {
        return files.newUpload();
    }

    /** Where archives are kept that were deployed with a tag; empty when the tag has a form that is none. */
    public Optional<Path> tagged(String tag, ContextPath path) {
        return tag.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
                ? Optional.of(directories.work().resolve("tags").resolve(tag).resolve(nameOf(path) + WAR))
                : Optional.empty();
    }

    /** The archives that a rollback could put back, the newest first. */
    public List<Previous> previous(ContextPath path) throws IOException {
        return files.previous().of(nameOf(path)).stream()
                .map(kept -> new Previous(kept.name(), kept.at(), kept.size()))
                .toList();
    }

    /**
     * Deploys an archive at a path, and starts it.
     *
     * @param version beside other versions at the same path; empty for none
     * @param update whether it may take the place of another one
     * @param upload the archive, from {@link #newUpload}; gone afterwards, whatever comes of it
     * @return completes with what came of it, when the application is ready or has failed
     */
    public CompletableFuture<ReloadOutcome> deploy(ContextPath path, String version, boolean update, Path upload)
            throws DeploymentException, IOException {
        try {
            Optional<String> fault = Archives.fault(upload);
            if (fault.isPresent()) {
                throw new DeploymentException("what was sent is no archive: " + fault.get());
            }
            if (!version.matches("[A-Za-z0-9._-]*")) {
                throw new DeploymentException("the version may have letters, digits, dots, dashes and underscores");
            }
            put(path, version, update, upload);
        } finally {
            Files.deleteIfExists(upload);
        }
        return reloaded(path, "deployed");
    }

    private synchronized void put(ContextPath path, String version, boolean update, Path upload)
            throws DeploymentException, IOException {
        String name = nameOf(path) + (version.isEmpty() ? "" : "##" + version);
        Optional<MountedContext> mounted = host.context(path);
        Path target = directories.webapps().resolve(name + WAR);
        if (mounted.isPresent() && version.isEmpty()) {
            if (!update) {
                throw new DeploymentException(
                        "a context is mounted at " + path + " already; undeploy it, or deploy with update=true");
            }
            target = replaceable(mounted.get(), target);
        } else if (!version.isEmpty() && !update && Files.exists(target)) {
            throw new DeploymentException(directories.display(target) + " is there already; deploy with update=true");
        }
        files.put(nameOf(path), upload, target);
    }

    /** The file that a new archive for a mounted context must replace. */
    private Path replaceable(MountedContext context, Path usual) throws DeploymentException {
        ContextConfig config = context.config();
        if (!(config.content() instanceof Content.War war)) {
            throw new DeploymentException(context.path() + " is no WAR but "
                    + config.content().kind() + ", written in " + config.source() + "; remove it there first");
        }
        Path archive = war.archive();
        boolean ours = archive.startsWith(directories.webapps());
        if (ours && Files.isDirectory(archive)) {
            return usual; // of NAME.war and NAME/ the WAR wins
        }
        if (!ours) {
            throw new DeploymentException(
                    context.path() + " is " + archive + ", which lies outside of webapps; replace that file");
        }
        List<String> others = host.contexts().stream()
                .filter(other -> other != context
                        && other.config().content() instanceof Content.War shared
                        && shared.archive().equals(archive))
                .map(other -> other.path().value())
                .toList();
        if (!others.isEmpty()) {
            throw new DeploymentException(directories.display(archive) + " is also the archive of "
                    + String.join(", ", others) + "; replace that file to change them all");
        }
        return archive;
    }

    /**
     * Takes a context out: its archive in webapps, its file in conf/contexts.
     *
     * @param path of an older version with that behind it: {@code /shop##1}
     */
    public CompletableFuture<ReloadOutcome> undeploy(ContextPath path) throws DeploymentException, IOException {
        remove(path);
        return reloader.reload()
                .thenApply(outcome -> new ReloadOutcome(
                        outcome.succeeded(), with(path + ": undeployed; rollback brings it back", outcome)));
    }

    private synchronized void remove(ContextPath path) throws DeploymentException, IOException {
        MountedContext context = host.context(path)
                .orElseThrow(() -> DeploymentException.unknown("no context is mounted at \"" + path + "\""));
        ContextConfig config = context.config();
        Path source = directories.base().resolve(config.source().file()).normalize();
        Path descriptors = directories.conf().resolve("contexts");
        boolean dropped = source.startsWith(directories.webapps());
        boolean described = source.startsWith(descriptors) && source.toString().endsWith(".yml");
        if (!dropped && !described) {
            throw new DeploymentException(
                    path + " is written in " + config.source() + "; take it out there, and reload");
        }
        List<Path> going = new ArrayList<>();
        if (config.content() instanceof Content.War war && isOnlyIn(war.archive(), context)) {
            going.add(war.archive());
        } else if (dropped) {
            going.add(entryOf(source));
        }
        if (described) {
            going.add(source);
        }
        files.take(nameOf(config.path()), going);
    }

    private boolean isOnlyIn(Path archive, MountedContext context) {
        boolean shared = Stream.concat(host.contexts().stream(), host.olderVersions().stream())
                .anyMatch(other -> other != context
                        && other.config().content() instanceof Content.War war
                        && war.archive().equals(archive));
        return !shared && archive.startsWith(directories.webapps()) && Files.exists(archive, LinkOption.NOFOLLOW_LINKS);
    }

    /** What lies in webapps itself: of a Procfile its folder. */
    private Path entryOf(Path source) {
        return directories
                .webapps()
                .resolve(directories.webapps().relativize(source).getName(0));
    }

    /** Puts the newest archive from before back; the one that is there is kept in turn. */
    public CompletableFuture<ReloadOutcome> rollback(ContextPath path) throws DeploymentException, IOException {
        String restored = restore(path);
        return reloaded(path, "rolled back to " + restored);
    }

    private synchronized String restore(ContextPath path) throws DeploymentException, IOException {
        String name = nameOf(path);
        if (files.previous().of(name).isEmpty()) {
            throw DeploymentException.unknown("nothing was deployed at " + path + " before");
        }
        return files.restore(name);
    }

    private CompletableFuture<ReloadOutcome> reloaded(ContextPath path, String what) {
        return reloader.reload().thenCompose(outcome -> {
            Optional<MountedContext> mounted = host.context(path);
            if (mounted.isEmpty()) {
                return CompletableFuture.completedFuture(
                        new ReloadOutcome(false, with(path + ": " + what + ", but not mounted", outcome)));
            }
            return mounted.get().start().handle((started, failure) -> {
                String end = failure == null ? "" : ", but it does not start: " + Failures.reason(failure);
                return new ReloadOutcome(
                        outcome.succeeded() && failure == null, with(path + ": " + what + end, outcome));
            });
        });
    }

    private static List<String> with(String first, ReloadOutcome outcome) {
        List<String> messages = new ArrayList<>();
        messages.add(first);
        messages.addAll(outcome.messages());
        return messages;
    }

    /** What a context is called in webapps, without suffix: {@code ROOT}, {@code sam#list1}. */
    private String nameOf(ContextPath path) throws IllegalArgumentException {
        ContextPath base = host.config().basePath();
        String bare = path.value().contains("##")
                ? path.value().substring(0, path.value().indexOf("##"))
                : path.value();
        if (!base.isRoot()) {
            if (!bare.equals(base.value()) && !bare.startsWith(base.prefix())) {
                throw new IllegalArgumentException(
                        "the path " + bare + " is not below base_path; write " + base.value() + bare);
            }
            bare = bare.equals(base.value()) ? "/" : bare.substring(base.value().length());
        }
        return bare.equals("/") ? "ROOT" : bare.substring(1).replace('/', '#');
    }
}
