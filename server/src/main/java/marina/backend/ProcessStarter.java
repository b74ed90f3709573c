package marina.backend;

import java.util.function.Supplier;

/**
 * Starts an application process: a port, the start hooks, the process, readiness, the ready hooks. The process gets the
 * variables of its settings on top of those of {@link ProcessEnvironment}. Thread-safe.
 */
public final class ProcessStarter implements InstanceStarter<ProcessInstance> {
    private final Supplier<ProcessSettings> settings;
    private final ProcessTools tools;

    /**
     * Starts processes.
     *
     * @param settings of the next one; its listener is its own
     */
    public ProcessStarter(Supplier<ProcessSettings> settings, ProcessTools tools) {
        this.settings = settings;
        this.tools = tools;
    }

    @Override
    public Start<ProcessInstance> start() {
        ProcessStartup startup = new ProcessStartup(settings.get(), tools);
        tools.executor().execute(startup::begin);
        return startup;
    }
}
