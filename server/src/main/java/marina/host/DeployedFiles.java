package marina.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import marina.config.Directories;

/**
 * The files of deployments, in webapps and conf/contexts: each change happens as a whole or not at all, and nothing that is
 * kept for a rollback goes before what it is needed for is in its place. Used by one thread at a time.
 */
final class DeployedFiles {
    private static final String UPLOAD = ".upload-";
    private static final String SLASH = "%2F";
    private static final int TOGETHER_SECONDS = 2;

    private final Directories directories;
    private final PreviousArchives previous;
    private final MoveJournal journal;

    /** Those of an instance. */
    DeployedFiles(Directories directories) {
        this.directories = directories;
        Path kept = directories.work().resolve("previous");
        this.previous = new PreviousArchives(kept);
        this.journal = new MoveJournal(kept.resolve(".moves"));
    }

    /** What is kept for a rollback. */
    PreviousArchives previous() {
        return previous;
    }

    /** Finishes what was begun; yields whether there was something. */
    boolean finish() throws IOException {
        return journal.finish();
    }

    /** A new file in webapps that nobody takes for an application. */
    Path newUpload() throws IOException {
        Files.createDirectories(directories.webapps());
        return directories.webapps().resolve(UPLOAD + UUID.randomUUID());
    }

    /** Removes what uploads and rollbacks of a killed Marina have left, unless it is still needed. */
    void removeLeftovers() {
        if (journal.isPending()) {
            return;
        }
        for (Path folder : List.of(directories.webapps(), contexts())) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(
                                one -> String.valueOf(one.getFileName()).startsWith(UPLOAD))
                        .toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                // no such folder yet; what cannot be deleted is hidden all the same
            }
        }
    }

    /** Puts an upload in its place; a file that is there is kept. */
    void put(String name, Path upload, Path target) throws IOException {
        finish();
        if (Files.isRegularFile(target)) {
            previous.copy(name, target, called(target));
            previous.prune(name);
        }
        Files.move(upload, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Takes files and folders out, and keeps them. */
    void take(String name, List<Path> files) throws IOException {
        finish();
        List<MoveJournal.Move> moves = new ArrayList<>();
        for (Path file : files) {
            moves.add(new MoveJournal.Move(file, previous.place(name, called(file))));
        }
        journal.carryOut(moves);
        previous.prune(name);
    }

    /**
     * Puts back what was there before, and keeps what is there now.
     *
     * @return what was put back
     */
    String restore(String name) throws IOException, DeploymentException {
        finish();
        List<PreviousArchives.Kept> former = former(previous.of(name));
        List<MoveJournal.Move> moves = new ArrayList<>();
        List<Path> drafts = new ArrayList<>();
        try {
            for (PreviousArchives.Kept kept : former) {
                moves.add(new MoveJournal.Move(prepared(kept, drafts), target(kept)));
            }
            for (PreviousArchives.Kept kept : former) {
                if (Files.isRegularFile(target(kept))) {
                    previous.copy(name, target(kept), kept.name());
                }
            }
            journal.carryOut(moves);
        } catch (IOException | DeploymentException | RuntimeException e) {
            if (!journal.isPending()) {
                for (Path draft : drafts) {
                    Files.deleteIfExists(draft);
                }
            }
            throw e;
        }
        for (PreviousArchives.Kept kept : former) {
            Files.deleteIfExists(kept.file());
        }
        previous.prune(name);
        PreviousArchives.Kept newest = former.get(0);
        return directories.display(target(newest)) + " as it was until " + newest.at();
    }

    /** A copy beside its target, so that only a rename is left to do; a folder is renamed from where it is kept. */
    private Path prepared(PreviousArchives.Kept kept, List<Path> drafts) throws IOException, DeploymentException {
        Path target = target(kept);
        if (!Files.isDirectory(kept.file(), LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Path draft = target.resolveSibling(UPLOAD + UUID.randomUUID());
            drafts.add(draft);
            Files.copy(kept.file(), draft, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            return draft;
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new DeploymentException(directories.display(target) + " is there; undeploy it first");
        }
        return kept.file();
    }

    /**
     * The newest, and what went together with it: a file of conf/contexts and its archive. What lies there just like that, because a
     * rollback was cut off after its last step, is none.
     */
    private List<PreviousArchives.Kept> former(List<PreviousArchives.Kept> all) throws IOException {
        for (PreviousArchives.Kept kept : all) {
            List<PreviousArchives.Kept> group = together(kept, all);
            if (!isThere(group)) {
                return group;
            }
        }
        return together(all.get(0), all);
    }

    private static List<PreviousArchives.Kept> together(PreviousArchives.Kept kept, List<PreviousArchives.Kept> all) {
        Instant since = kept.at().minusSeconds(TOGETHER_SECONDS);
        Stream<PreviousArchives.Kept> other = all.stream()
                .filter(one -> isDescriptor(one) != isDescriptor(kept))
                .filter(one -> one.at().isAfter(since) && !one.at().isAfter(kept.at()))
                .limit(1);
        // the descriptor comes last where it goes, and first where it comes back: never is an application there without
        // its rules
        return Stream.concat(Stream.of(kept), other)
                .sorted((one, two) -> Boolean.compare(isDescriptor(two), isDescriptor(one)))
                .toList();
    }

    private boolean isThere(List<PreviousArchives.Kept> group) throws IOException {
        for (PreviousArchives.Kept kept : group) {
            boolean same = Files.isRegularFile(kept.file())
                    && Files.isRegularFile(target(kept))
                    && Files.mismatch(kept.file(), target(kept)) < 0;
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private Path target(PreviousArchives.Kept kept) {
        return isDescriptor(kept)
                ? contexts().resolve(kept.name().replace(SLASH, "/"))
                : directories.webapps().resolve(kept.name());
    }

    /** What a file is kept under: of a descriptor, with the folders that it lies in. */
    private String called(Path file) {
        return file.startsWith(contexts())
                ? contexts().relativize(file).toString().replace("/", SLASH)
                : String.valueOf(file.getFileName());
    }

    private Path contexts() {
        return directories.conf().resolve("contexts");
    }

    private static boolean isDescriptor(PreviousArchives.Kept kept) {
        return kept.name().endsWith(".yml");
    }
}
