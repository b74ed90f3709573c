package marina.context;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import marina.backend.Generation;
import marina.backend.InstanceStarter;
import marina.backend.ProcessInstance;
import marina.backend.ProcessOwner;
import marina.backend.ProcessSettings;
import marina.backend.ProcessStarter;
import marina.backend.ProcessTools;
import marina.backend.Start;
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
     * What is started.
     *
     * @param command gives program and arguments, at each start anew
     * @param directory where it runs
     * @param strip what is taken off a request's path before it is forwarded
     * @param started called, on some thread, when one is ready
     */
    record Program(Supplier<List<Template>> command, Path directory, String strip, Runnable started) {}

    /**
     * Content that starts a program when it is asked for.
     *
     * @param database copied when the process has stopped
     */
    ContextContent create(ContextConfig config, Program program, ContextDatabase database, Request.Handler reroute) {
        Generation generation = backends.generation(config, program.directory, database);
        ProcessStarter processes = new ProcessStarter(() -> settings(config, program, generation), tools);
        InstanceStarter<ProcessInstance> starter = () -> {
            Start<ProcessInstance> start = processes.start();
            var unused = start.ready().thenRun(program.started);
            return start;
        };
        return new BackendContent<>(
                backends.createProcess(config, starter),
                config,
                latest -> forwarding(latest, program.strip, reroute),
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

    private ProcessSettings settings(ContextConfig config, Program program, Generation generation) {
        return new ProcessSettings(
                new ProcessOwner(config.path().value(), config.source().toString(), program(config.content())),
                program.command,
                program.directory,
                parts.told(config).env(),
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
