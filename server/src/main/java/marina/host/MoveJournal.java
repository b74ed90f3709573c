package marina.host;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import marina.history.DurableFiles;

/**
 * Moves several files as if it were one step: they are written down first, so that a Marina that was killed in between finishes
 * them at its next start. Used by one thread at a time.
 */
final class MoveJournal {
    private final Path file;

    /** One that is kept in this file, which is there only while something is not finished. */
    MoveJournal(Path file) {
        this.file = file;
    }

    /**
     * A step; one that has been done is no step any more.
     *
     * @param from a file or a folder
     * @param to where it goes; of files, in the place of what is there
     */
    record Move(Path from, Path to) {
        private void carryOut() throws IOException {
            if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            Files.createDirectories(to.toAbsolutePath().getParent());
            DurableFiles.move(from, to);
        }
    }

    /**
     * Does all of it.
     *
     * @throws IOException when a step fails; unless that was the first, {@link #isPending} and {@link #finish} does the rest
     */
    void carryOut(List<Move> moves) throws IOException {
        begin(moves);
        int done = 0;
        try {
            for (Move move : moves) {
                move.carryOut();
                done++;
            }
        } catch (IOException e) {
            if (done == 0) {
                Files.deleteIfExists(file);
                throw e;
            }
            throw new IOException(
                    "only " + done + " of " + moves.size() + " files could be moved (" + e
                            + "); the rest is tried again with the next deployment and the next start",
                    e);
        }
        Files.deleteIfExists(file);
    }

    /** Writes down what is to be done: from here on it will be done, by whomever. */
    void begin(List<Move> moves) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Move move : moves) {
            lines.append(move.from.toUri()).append(' ').append(move.to.toUri()).append('\n');
        }
        DurableFiles.replace(file, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether something has been begun and not finished. */
    boolean isPending() {
        return Files.exists(file);
    }

    /**
     * Does what is left of what was begun.
     *
     * @return whether there was something
     * @throws IOException when it still cannot be done
     */
    boolean finish() throws IOException {
        if (!isPending()) {
            return false;
        }
        List<Move> moves = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            int blank = line.indexOf(' ');
            moves.add(new Move(
                    Path.of(URI.create(line.substring(0, blank))), Path.of(URI.create(line.substring(blank + 1)))));
        }
        for (Move move : moves) {
            move.carryOut();
        }
        Files.deleteIfExists(file);
        return true;
    }
}
