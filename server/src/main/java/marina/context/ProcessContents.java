package marina.context;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.backend.ProcessInstance;
import marina.backend.ProcessSettings;
import marina.backend.ProcessStarter;
import marina.backend.ProcessTools;
import marina.config.ContextConfig;
import marina.config.Template;
import marina.proxy.ForwardTarget;
import marina.proxy.NamedFiles;
import org.eclipse.jetty.server.Request;

/** Makes the content of contexts whose requests go to a process of their own: commands and isolated WARs. Thread-safe. */
final class ProcessContents {
    private final ContextFactory.Parts parts;
    private final Backends backends;
    private final Delivery delivery;
    private final ProcessTools tools;

    ProcessContents(ContextFactory.Parts parts, Backends backends, Delivery delivery, ProcessTools tools) {
        this.parts = parts;
        this.backends = backends;
        this.delivery = delivery;
        this.tools = tools;
    }

    /**
     * Content that starts this command when it is asked for.
     *
     * @param strip what is taken off a request's path before it is forwarded
     */
    ContextContent create(
            ContextConfig config, List<Template> command, Path directory, String strip, Request.Handler reroute) {
        ProcessStarter starter = new ProcessStarter(settings(config, command, directory), tools);
        return new BackendContent<>(
                backends.create(config, starter),
                forwarding(config, strip, reroute),
                true,
                config.lifecycle().pageAfter(),
                backends.parking(reroute));
    }

    /** The exchange ends with its upgraded connection or, when WebSockets do not hold, with the answer that upgrades. */
    private BackendContent.Exchange<ProcessInstance> forwarding(
            ContextConfig config, String strip, Request.Handler reroute) {
        boolean websocketsHold = config.lifecycle().websocketsHold();
        NamedFiles files = delivery.namedFiles(config);
        return (instance, request, response, callback) -> {
            BackendFailurePage.prepare(request, instance.ended(), reroute);
            CompletableFuture<Void> answered = new CompletableFuture<>();
            if (!websocketsHold) {
                Request.addCompletionListener(request, failure -> answered.complete(null));
            }
            CompletableFuture<Void> ended = parts.forwarder()
                    .forward(
                            new ForwardTarget(instance.origin(), strip, "", strip, files), request, response, callback);
            return websocketsHold ? ended : answered;
        };
    }

    private ProcessSettings settings(ContextConfig config, List<Template> command, Path directory) {
        return new ProcessSettings(
                config.path().value(),
                command,
                directory,
                config.env(),
                config.process(),
                backends.hooks(config, directory),
                config.lifecycle(),
                parts.logs().of(config.path()));
    }
}
