package marina.rest;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import marina.config.ContextPath;
import marina.host.DeploymentException;
import marina.host.Deployments;
import marina.host.ReloadOutcome;
import marina.server.MarinaServer;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths that put archives into webapps and take them out. */
public final class DeployPaths {
    private static final Logger LOG = LoggerFactory.getLogger(DeployPaths.class);

    private final MarinaServer server;

    DeployPaths(MarinaServer server) {
        this.server = server;
    }

    void addTo(Rest rest) {
        rest.add("PUT", "/contexts/deploy", this::deploy);
        rest.add("POST", "/contexts/undeploy", call -> {
            ContextPath path = path(call);
            LOG.info("{} undeploys {}", call.user(), path);
            answer(call, () -> server.deployments().undeploy(path));
        });
        rest.add("POST", "/contexts/rollback", call -> {
            ContextPath path = path(call);
            LOG.info("{} rolls {} back", call.user(), path);
            answer(call, () -> server.deployments().rollback(path));
        });
    }

    private void deploy(Call call) throws BadCall, IOException {
        ContextPath path = path(call);
        String version = call.optional("version");
        boolean update = call.flag("update");
        LOG.info("{} deploys {}", call.user(), path);
        var unused = upload(server, call)
                .whenComplete((upload, failure) -> server.executor().execute(() -> {
                    if (failure != null) {
                        refuse(call, failure);
                        return;
                    }
                    try {
                        answer(call, () -> server.deployments().deploy(path, version, update, upload));
                    } catch (BadCall e) {
                        Rest.refuse(e.status(), e.line(), call.response(), call.callback());
                    }
                }));
    }

    /** Writes the body of a call into a file that {@link Deployments} takes; what did not arrive whole is gone again. */
    public static CompletableFuture<Path> upload(MarinaServer server, Call call) throws IOException {
        Path file = server.deployments().newUpload();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        long most = server.host().config().admin().maxUpload();
        return BodyTransfer.begin(call.request(), most, buffer -> {
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                })
                .handle((bytes, failure) -> {
                    try (channel) {
                        if (failure == null && bytes == 0) {
                            throw new BadCall(HttpStatus.BAD_REQUEST_400, "the body is empty; send the WAR in it");
                        }
                        if (failure == null) {
                            channel.force(false);
                            return file;
                        }
                        throw failure;
                    } catch (Throwable e) {
                        delete(file);
                        throw new CompletionException(e);
                    }
                });
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is left over: {}", file, e.toString());
        }
    }

    private static void refuse(Call call, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof BadCall bad) {
            Rest.refuse(bad.status(), bad.line(), call.response(), call.callback());
        } else if (cause instanceof FileSystemException || cause instanceof IOException) {
            LOG.warn("An upload was not taken: {}", cause.toString());
            Rest.refuse(
                    HttpStatus.INSUFFICIENT_STORAGE_507,
                    "the upload could not be taken: " + cause.getMessage(),
                    call.response(),
                    call.callback());
        } else {
            Rest.refuse(
                    HttpStatus.INTERNAL_SERVER_ERROR_500,
                    "that failed; see the log of the server",
                    call.response(),
                    call.callback());
        }
    }

    /** Something that is done to what is deployed. */
    @FunctionalInterface
    private interface Change {
        CompletableFuture<ReloadOutcome> begin() throws DeploymentException, IOException;
    }

    private static void answer(Call call, Change change) throws BadCall {
        try {
            var unused = change.begin().thenAccept(call::outcome);
        } catch (DeploymentException e) {
            throw new BadCall(
                    e.isUnknown() ? HttpStatus.NOT_FOUND_404 : HttpStatus.CONFLICT_409, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new BadCall(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.warn("A deployment failed", e);
            call.outcome(new ReloadOutcome(false, List.of("the files could not be changed: " + e)));
        }
    }

    /** The path that a call names, without harm in it; perhaps with a version behind it. */
    private static ContextPath path(Call call) throws BadCall {
        String text = call.required("path");
        int mark = text.indexOf("##");
        if (mark >= 0 && call.request().getMethod().equals("PUT")) {
            throw new BadCall(HttpStatus.BAD_REQUEST_400, "path has a version in it; write it as version=…");
        }
        try {
            ContextPath path = ContextPath.parse(mark < 0 ? text : text.substring(0, mark));
            return mark < 0 ? path : new ContextPath(path.value() + text.substring(mark));
        } catch (IllegalArgumentException e) {
            throw new BadCall(HttpStatus.BAD_REQUEST_400, "path " + e.getMessage());
        }
    }
}
