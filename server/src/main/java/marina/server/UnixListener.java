package marina.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;

/** Listens on a Unix socket. Its clients have no address; they are shown as {@code unix:}. */
final class UnixListener extends UnixDomainServerConnector {
    private static final SocketAddress CLIENT = UnixDomainSocketAddress.of("unix:");

    private final int mode;

    /**
     * @param mode of the socket file, as in chmod(2)
     */
    UnixListener(Server server, Path path, int mode, ConnectionFactory... factories) {
        super(server, factories);
        this.mode = mode;
        setUnixDomainPath(path);
    }

    /**
     * Makes the path free: a socket file that nobody listens on goes.
     *
     * @throws IOException when somebody does, or the file is no socket; the message is for the operator
     */
    static void makeFree(Path path) throws IOException {
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("there is a file of another kind at " + path);
        }
        if (answers(path)) {
            throw new IOException("another process listens on " + path);
        }
        Files.delete(path); // whoever made it is gone
    }

    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Files.setPosixFilePermissions(getUnixDomainPath(), permissions(mode));
    }

    /** Refuses connections at once; the super class leaves those that come meanwhile in the queue. */
    @Override
    public CompletableFuture<Void> shutdown() {
        if (getTransport() instanceof ServerSocketChannel channel && channel.isOpen()) {
            IO.close(channel);
            Path path = getUnixDomainPath();
            IO.delete(path);
            // When it stops it deletes the file again, which may be that of a successor by then.
            setUnixDomainPath(path.resolveSibling(path.getFileName() + ".closed"));
        }
        return super.shutdown();
    }

    /** The super class takes the end of a closed channel for a failure, and logs it. */
    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return getTransport() instanceof ServerSocketChannel channel
                && channel.isOpen()
                && super.handleAcceptFailure(failure);
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new UnixDomainSelectorManager(executor, scheduler, selectors) {
            @Override
            protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
                EndPoint endPoint = new ClientEndPoint((SocketChannel) channel, selector, key, getScheduler());
                endPoint.setIdleTimeout(getIdleTimeout());
                return endPoint;
            }
        };
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values(); // owner, group, others: read, write, execute
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    /** The other end of a Unix socket. */
    private static final class ClientEndPoint extends SocketChannelEndPoint {
        ClientEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            return CLIENT;
        }
    }
}
