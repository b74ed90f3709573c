package marina.context;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.backend.Generation;
import marina.backend.ProcessInstance;
import marina.backend.ProcessOwner;
import marina.backend.ProcessSettings;
import marina.backend.ProcessStarter;
import marina.backend.ProcessTools;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.Template;
import marina.proxy.ForwardPolicy;
import marina.proxy.ForwardTarget;
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
     * @param database copied when the process has stopped
     */
    ContextContent create(
            ContextConfig config,
            List<Template> command,
            Path directory,
            String strip,
            ContextDatabase database,
            Request.Handler reroute) {
        Generation generation = backends.generation(config, directory, database);
        ProcessStarter starter = new ProcessStarter(() -> settings(config, command, directory, generation), tools);
        return new BackendContent<>(
                backends.createProcess(config, starter),
                config,
                latest -> forwarding(latest, strip, reroute),
                true,
                backends.parking(reroute));
    }

    /** The exchange ends with its upgraded connection or, when WebSockets do not hold, with the answer that upgrades. */
    private BackendContent.Exchange<ProcessInstance> forwarding(
            ContextConfig config, String strip, Request.Handler reroute) {
        boolean websocketsHold = config.lifecycle().websocketsHold();
        ForwardPolicy policy = delivery.policy(config);
        boolean servlets = config.content() instanceof Content.War;
        return (instance, request, response, callback) -> {
            if (servlets && request.getHttpURI().hasAmbiguousSeparator()) {
                // As WarTargets, here with the page of the operator.
                parts.pages().error(400, request, response, callback);
                return CompletableFuture.completedFuture(null);
            }
            BackendFailurePage.prepare(request, instance.ended(), reroute);
            CompletableFuture<Void> answered = new CompletableFuture<>();
            if (!websocketsHold) {
                Request.addCompletionListener(request, failure -> answered.complete(null));
            }
            CompletableFuture<Void> ended = parts.forwarder()
                    .forward(
                            new ForwardTarget(instance.origin(), strip, "", strip, policy),
                            request,
                            response,
                            callback);
            return websocketsHold ? ended : answered;
        };
    }

    private ProcessSettings settings(
            ContextConfig config, List<Template> command, Path directory, Generation generation) {
        return new ProcessSettings(
                new ProcessOwner(config.path().value(), config.source().toString(), program(config.content())),
                command,
                directory,
                config.env(),
                config.process(),
                generation.ofInstance(),
                config.lifecycle(),
                parts.processes().logs().of(config.path()));
    }

    private static String program(Content content) {
        return content.fold(new Content.Cases<>(
                war -> "WAR " + war.archive().getFileName(),
                command -> "command " + command.written(),
                Content.Upstream::kind,
                Content.Files::kind,
                Content.Cgi::kind));
    }
}
