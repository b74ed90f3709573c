package marina.webapp;

import java.nio.file.Path;
import org.eclipse.jetty.server.Server;

/**
 * Hosts WARs in this JVM: one class loader per EE level, made when its first WAR starts; each archive unpacked once per
 * content below the work folder. Thread-safe.
 */
public final class WarHost implements AutoCloseable {

    /**
     * A host without WARs.
     *
     * @param server whose threads and scheduler the web applications use
     * @param lib the installation's lib folder, with ee8 … ee11 below it
     * @param work the instance's work folder
     */
    public WarHost(Server server, Path lib, Path work) {
        throw new UnsupportedOperationException("" + server + lib + work);
    }

    /** Unpacks, configures and starts a WAR; blocks for as long as that takes. */
    public HostedWar start(WarSettings settings) throws WarFailedException {
        throw new WarFailedException(settings.contextPath());
    }

    /** Closes what all WARs share. */
    @Override
    public void close() {}
}
