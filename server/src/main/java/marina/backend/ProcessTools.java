package marina.backend;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import marina.process.ProcessLauncher;

/**
 * What all process starters of a host share.
 *
 * @param launcher starts the processes
 * @param endpoints chooses where they listen
 * @param probe asks whether an application answers
 * @param scheduler for the pauses between two questions; must not be blocked
 * @param executor for what may block for some milliseconds: starting a process, reading the process table
 */
public record ProcessTools(
        ProcessLauncher launcher,
        Endpoints endpoints,
        ReadinessProbe probe,
        ScheduledExecutorService scheduler,
        Executor executor) {}
