package marina;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import marina.admin.CommandLine;
import marina.config.Directories;
import marina.process.LaunchException;
import picocli.CommandLine.Command;

/** The verb {@code archive}: what the first start does in the background, now; for images that are built once and started often. */
@Command(name = "archive", description = "make the archive of classes that lets Marina start faster, now")
final class ArchiveVerb implements Callable<Integer> {
    private final CommandLine line;
    private final Directories directories;

    ArchiveVerb(CommandLine line, Directories directories) {
        this.line = line;
        this.directories = directories;
    }

    @Override
    public Integer call() throws IOException {
        Optional<ClassArchive> wanted =
                ClassArchive.of(directories.home(), directories.run().resolve("processes"));
        if (wanted.isEmpty()) {
            System.err.println(
                    "marina: no archive is used: MARINA_ARCHIVE is off, or the JVM's options name another one");
            return CommandLine.FAILED;
        }
        try (ClassArchive archive = wanted.get()) {
            String problem = line.await("archive", archive.make());
            if (problem.isEmpty()) {
                System.out.println("The archive of Marina's classes is made; the next starts are faster.");
                return CommandLine.DONE;
            }
            System.err.println("marina: the archive could not be made: " + problem);
        } catch (LaunchException e) {
            System.err.println("marina: the archive could not be made: " + e.getMessage());
        }
        return CommandLine.FAILED;
    }
}
