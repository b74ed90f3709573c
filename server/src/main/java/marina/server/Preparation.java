package marina.server;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.ConfigProblem;
import marina.config.ServerConfig;
import marina.config.SettingsFiles;
import marina.hook.HookRunner;
import marina.host.Reloader;
import marina.process.ProcessLauncher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from what is written to what a server can start with: where files are missing that start hooks may make, these run
 * first. {@link #giveUp} may be called by any thread, the rest once.
 */
public final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final MarinaServer.Installation installation;
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();

    /** For one start of an instance. */
    public Preparation(MarinaServer.Installation installation) {
        this.installation = installation;
    }

    /**
     * Yields a configuration that lacks nothing.
     *
     * @throws StartException when a hook fails, or has not made what is missing
     */
    public Prepared complete(ConfigLoader.Draft draft) throws StartException {
        if (draft.missing().isEmpty()) {
            return new Prepared(draft.config(), false, draft.files());
        }
        if (draft.config().hooks().start().isEmpty()) {
            throw new StartException(text(draft.missing()));
        }
        draft.missing().forEach(missing -> LOG.info("The start hooks run first, because {}", missing));
        new InstanceFolders(installation.directories()).makeWritable();
        try (ProcessLauncher launcher = Assembly.launcher(installation.directories())) {
            ServerHookRuns hooks = new ServerHookRuns(
                    new HookRunner(launcher), installation.directories(), installation.environment());
            var unused = givenUp.thenRun(hooks::giveUpStart);
            launcher.endOrphans().forEach(LOG::warn);
            hooks.start(draft.config().hooks());
            SettingsFiles files = SettingsFiles.onDisk();
            ServerConfig config = installation.loader().load(installation.serverFile(), Reloader::log, files);
            return new Prepared(config, true, files.read());
        } catch (ConfigException e) {
            throw new StartException("after the start hooks\n" + text(e.problems()), e);
        }
    }

    /** Ends the start hooks, if they run. */
    public void giveUp() {
        givenUp.complete(null);
    }

    private static String text(List<ConfigProblem> problems) {
        return problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n"));
    }
}
