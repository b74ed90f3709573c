package marina.tomcat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import marina.config.ContextPath;
import marina.host.DeploymentException;
import marina.rest.BadCall;
import marina.rest.Call;
import marina.rest.DeployPaths;
import marina.server.MarinaServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands that put WARs into webapps and take them out. */
final class DeployCommands {
    private static final Logger LOG = LoggerFactory.getLogger(DeployCommands.class);

    private final MarinaServer server;

    DeployCommands(MarinaServer server) {
        this.server = server;
    }

    /** PUT: the WAR is the body. */
    void upload(Call call) throws BadCall, IOException {
        Optional<ContextName> name = ContextName.of(call);
        if (name.isEmpty()) {
            return;
        }
        boolean update = call.flag("update");
        Optional<Path> kept = tagged(call, name.get());
        refuseEarly(name.get(), update);
        var unused = DeployPaths.upload(server, call)
                .whenComplete((file, failure) -> server.executor().execute(() -> {
                    if (failure == null) {
                        deploy(name.get(), update, file, kept, call);
                    } else {
                        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure;
                        failed(call, name.get(), cause instanceof BadCall bad ? bad.line() : cause.toString());
                    }
                }));
    }

    /** GET: the WAR is a file of the server, or one that was uploaded with a tag before. */
    void local(Call call) throws BadCall, IOException {
        String war = call.optional("war");
        if (!call.optional("config").isEmpty()) {
            Lines.answer(
                    call,
                    "FAIL - Invalid parameters supplied for command [/deploy]",
                    List.of("a context file of Tomcat says nothing to Marina; write conf/contexts/NAME.yml"));
            return;
        }
        boolean named = !call.optional("path").isEmpty();
        Optional<ContextName> name = named || war.isEmpty() ? ContextName.of(call) : Optional.of(nameOf(war));
        if (name.isEmpty()) {
            return;
        }
        Optional<Path> tagged = tagged(call, name.get());
        if (war.isEmpty() && tagged.isEmpty()) {
            Lines.answer(call, "FAIL - Invalid parameters supplied for command [/deploy]");
            return;
        }
        Path source = war.isEmpty() ? tagged.orElseThrow() : file(war);
        if (!Files.isRegularFile(source)) {
            failed(call, name.get(), source + " is no file; write the path of a packed WAR on the server");
            return;
        }
        boolean update = call.flag("update") || war.isEmpty();
        refuseEarly(name.get(), update);
        Path copy = server.deployments().newUpload();
        Files.copy(source, copy);
        deploy(name.get(), update, copy, war.isEmpty() ? Optional.empty() : tagged, call);
    }

    /** Takes a context out. */
    void undeploy(Call call) {
        Optional<ContextName> named = ContextName.of(call);
        if (named.isEmpty()) {
            return;
        }
        ContextName name = named.get();
        if (ContextCommands.named(server, name, call).isEmpty()) {
            return;
        }
        LOG.info("{} undeploys {}", call.user(), name);
        try {
            var unused = server.deployments().undeploy(name.mounted()).thenAccept(outcome -> {
                boolean gone = name.find(server).isEmpty();
                Lines.answer(
                        call,
                        gone
                                ? "OK - Undeployed application at context path [" + name + "]"
                                : "FAIL - Encountered exception [" + String.join("; ", outcome.messages()) + "]");
            });
        } catch (DeploymentException e) {
            Lines.answer(
                    call,
                    "FAIL - Context [" + name + "] is defined in server.xml and may not be undeployed",
                    List.of(String.valueOf(e.getMessage())));
        } catch (IOException | RuntimeException e) {
            Lines.answer(call, "FAIL - Encountered exception [" + e + "]");
        }
    }

    private void deploy(ContextName name, boolean update, Path upload, Optional<Path> keep, Call call) {
        LOG.info("{} deploys {}", call.user(), name);
        CompletableFuture<?> done;
        try {
            if (keep.isPresent()) {
                Files.createDirectories(keep.get().getParent());
                Files.copy(upload, keep.get(), StandardCopyOption.REPLACE_EXISTING);
            }
            done = server.deployments()
                    .deploy(name.path(), name.version(), update, upload)
                    .thenAccept(outcome -> {
                        if (outcome.succeeded()) {
                            Lines.answer(call, "OK - Deployed application at context path [" + name + "]");
                        } else {
                            Lines.answer(
                                    call,
                                    "FAIL - Deployed application at context path [" + name
                                            + "] but context failed to start",
                                    outcome.messages());
                        }
                    });
        } catch (DeploymentException | IOException | RuntimeException e) {
            failed(call, name, String.valueOf(e.getMessage()));
            return;
        }
        var unused = done.exceptionally(failure -> {
            failed(call, name, failure.toString());
            return null;
        });
    }

    /** Says so before a large body comes; Tomcat's words for what is there already. */
    private void refuseEarly(ContextName name, boolean update) throws BadCall {
        if (!update && name.find(server).isPresent()) {
            throw new AlreadyThere(name);
        }
    }

    /** Something is mounted there. */
    static final class AlreadyThere extends BadCall {
        private static final long serialVersionUID = 1;

        AlreadyThere(ContextName name) {
            super(409, "FAIL - Application already exists at path [" + name + "]");
        }
    }

    private static void failed(Call call, ContextName name, String reason) {
        Lines.answer(call, "FAIL - Failed to deploy application at context path [" + name + "]", List.of(reason));
    }

    private Optional<Path> tagged(Call call, ContextName name) throws BadCall {
        String tag = call.optional("tag");
        if (tag.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> place = server.deployments().tagged(tag, name.path());
        if (place.isEmpty()) {
            throw new BadCall(400, "the tag may have letters, digits, dots, dashes and underscores");
        }
        return place;
    }

    /** {@code file:/a/b.war}, {@code jar:file:/a/b.war!/}, a path, or a name in webapps. */
    private Path file(String war) throws BadCall {
        String text = war.startsWith("jar:") ? war.substring("jar:".length()).replaceFirst("!/?$", "") : war;
        try {
            return text.startsWith("file:")
                    ? Path.of(URI.create(text.replace(" ", "%20")).getPath())
                    : server.directories().webapps().resolve(text).normalize();
        } catch (IllegalArgumentException e) {
            throw new BadCall(400, "\"" + war + "\" names no file: " + e.getMessage());
        }
    }

    /** The name that a WAR in webapps would have. */
    private ContextName nameOf(String war) throws BadCall {
        String file = String.valueOf(file(war).getFileName()).replaceFirst("\\.war$", "");
        int mark = file.indexOf("##");
        String name = mark < 0 ? file : file.substring(0, mark);
        String version = mark < 0 ? "" : file.substring(mark + 2);
        try {
            String path = name.equals("ROOT") ? "/" : "/" + name.replace('#', '/');
            return new ContextName(ContextPath.parse(path), version);
        } catch (IllegalArgumentException e) {
            throw new BadCall(400, "the name of the WAR makes no path: " + e.getMessage());
        }
    }
}
