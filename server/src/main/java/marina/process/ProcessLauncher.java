package marina.process;

import java.nio.file.Path;

/** Starts processes and keeps a record of them on disk, so that the next Marina finds what a killed one left. Thread-safe. */
public final class ProcessLauncher implements AutoCloseable {
    private final Path records;

    /**
     * A launcher.
     *
     * @param records a folder for the records of running processes; created when missing
     */
    public ProcessLauncher(Path records) {
        this.records = records;
    }

    /**
     * Starts a process in its own session and process group.
     *
     * @throws LaunchException when the program or the directory does not exist or may not be used
     */
    public RunningProcess launch(ProcessSpec spec) throws LaunchException {
        throw new LaunchException(records + spec.owner());
    }

    /**
     * Ends what an earlier Marina left running, known by pid and start time or by a mark in its environment, never by
     * pid alone. Blocks until it is gone.
     *
     * @return a line for the log for each process that was ended
     */
    public java.util.List<String> endOrphans() {
        throw new UnsupportedOperationException();
    }

    /** Kills what still runs. */
    @Override
    public void close() {}
}
