package marina.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * Puts files in the place of others as if it were one step: what is to be done is written down first, so that a Marina that was
 * killed in between finishes it at its next start, and what fails halfway is undone. One thread.
 */
public final class Restoration {
    private static final String PLAN = "plan.json";

    private final Path folder;
    private final Path journal;

    /** For the instance of this history. */
    public Restoration(History history) {
        this.folder = history.folder();
        this.journal = folder.resolve(".restoring");
    }

    /**
     * Goes over from some files to others. Those that are the same are not touched.
     *
     * @param present what is there now, by absolute path
     * @param wanted what is to be there; of the present ones, others go
     * @throws IOException when it cannot be done; then everything is as it was, as far as the disk allows
     */
    void replace(SortedMap<Path, byte[]> present, SortedMap<Path, byte[]> wanted) throws IOException {
        Steps steps = begin(present, wanted);
        try {
            steps.carryOut();
        } catch (IOException e) {
            undo(present, steps.changes, e);
            discard();
            throw e;
        }
        discard();
    }

    /** The plan goes first: without it, nothing is left to finish. */
    private void discard() throws IOException {
        Files.deleteIfExists(journal.resolve(PLAN));
        DurableFiles.removeFolder(journal);
    }

    /**
     * What has to be done.
     *
     * @param changes files and what is to be in them
     * @param removed files that go
     */
    record Steps(SortedMap<Path, byte[]> changes, List<Path> removed) {

        private void carryOut() throws IOException {
            for (Map.Entry<Path, byte[]> file : changes.entrySet()) {
                DurableFiles.replace(file.getKey(), file.getValue());
            }
            for (Path file : removed) {
                DurableFiles.remove(file);
            }
        }
    }

    /** Writes down what has to be done: from here on it will be done, by whomever. */
    Steps begin(SortedMap<Path, byte[]> present, SortedMap<Path, byte[]> wanted) throws IOException {
        SortedMap<Path, byte[]> changes = new TreeMap<>();
        wanted.forEach((file, content) -> {
            if (!Arrays.equals(content, present.get(file))) {
                changes.put(file, content);
            }
        });
        List<Path> removed = present.keySet().stream()
                .filter(file -> !wanted.containsKey(file))
                .toList();
        writeDown(changes, removed);
        return new Steps(changes, removed);
    }

    /**
     * Finishes what a killed Marina has begun; to be called before the configuration is read.
     *
     * @return whether there was something to finish
     * @throws IOException when it cannot be finished; it is tried again at the next call
     */
    public boolean finish() throws IOException {
        if (!Files.exists(journal.resolve(PLAN))) {
            return false;
        }
        SortedMap<Path, byte[]> changes = new TreeMap<>();
        List<Path> removed = new ArrayList<>();
        Map<?, ?> plan = (Map<?, ?>) new JSON().fromJSON(Files.readString(journal.resolve(PLAN)));
        Object[] put = plan.get("put") instanceof Object[] files ? files : new Object[0];
        for (int i = 0; i < put.length; i++) {
            changes.put(Path.of(String.valueOf(put[i])), Files.readAllBytes(journal.resolve(Integer.toString(i))));
        }
        if (plan.get("remove") instanceof Object[] files) {
            Arrays.stream(files).map(file -> Path.of(String.valueOf(file))).forEach(removed::add);
        }
        new Steps(changes, removed).carryOut();
        discard();
        return true;
    }

    private void writeDown(SortedMap<Path, byte[]> changes, List<Path> removed) throws IOException {
        Path draft = journal.resolveSibling(".restoring.new");
        DurableFiles.privateFolder(folder);
        DurableFiles.removeFolder(draft);
        discard();
        DurableFiles.privateFolder(draft);
        int number = 0;
        for (byte[] content : changes.values()) {
            DurableFiles.write(draft.resolve(Integer.toString(number++)), content);
        }
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("put", changes.keySet().stream().map(Path::toString).toArray());
        plan.put("remove", removed.stream().map(Path::toString).toArray());
        DurableFiles.writeText(draft.resolve(PLAN), new JSON().toJSON(plan));
        DurableFiles.move(draft, journal);
    }

    private static void undo(SortedMap<Path, byte[]> present, SortedMap<Path, byte[]> changes, IOException why) {
        for (Path file : changes.keySet()) {
            try {
                byte[] former = present.get(file);
                if (former == null) {
                    DurableFiles.remove(file);
                } else if (!Files.exists(file) || !Arrays.equals(former, Files.readAllBytes(file))) {
                    DurableFiles.replace(file, former);
                }
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
        present.forEach((file, content) -> {
            try {
                if (!Files.exists(file)) {
                    DurableFiles.replace(file, content);
                }
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        });
    }
}
