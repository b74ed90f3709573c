package marina.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import marina.process.ListeningSockets.ListeningSocket;

/**
 * Finds out which listening sockets belong to a process tree: /proc/net/tcp names inodes, /proc/PID/fd holds them. An
 * inode that has been looked up is remembered, so that looking again costs no more than reading /proc/net/tcp. Thread-safe.
 */
final class ListenerCheck {
    private final ProcessTree tree;

    /** Socket to whether the tree holds it; those that still listen. */
    private final Map<String, Boolean> ours = new ConcurrentHashMap<>();

    ListenerCheck(ProcessTree tree) {
        this.tree = tree;
    }

    /** Of all that could accept a connection to this port of 127.0.0.1: several can listen there with SO_REUSEPORT. */
    ListenerOwner ownerOf(int port) {
        ListenerOwner owner = lookFor(port);
        if (owner == ListenerOwner.STRANGER) {
            // Perhaps the tree closed it, or handed it to a new child, while it was being looked for.
            ours.values().removeIf(held -> !held);
            owner = lookFor(port);
        }
        return owner;
    }

    /** The addresses that the tree listens on and other machines can reach. */
    Set<InetSocketAddress> openAddresses() {
        List<ListeningSocket> all = ListeningSockets.all();
        List<ListeningSocket> open =
                all.stream().filter(ListeningSocket::isOpen).toList();
        lookUp(open, all);
        return open.stream().filter(this::isOurs).map(ListeningSocket::address).collect(Collectors.toSet());
    }

    private ListenerOwner lookFor(int port) {
        List<ListeningSocket> all = ListeningSockets.all();
        List<ListeningSocket> acceptors = acceptors(all, port);
        if (acceptors.isEmpty()) {
            return ListenerOwner.UNKNOWN;
        }
        lookUp(acceptors, all);
        if (acceptors.stream().anyMatch(socket -> Boolean.FALSE.equals(ours.get(socket.link())))) {
            return ListenerOwner.STRANGER;
        }
        return acceptors.stream().allMatch(this::isOurs) ? ListenerOwner.TREE : ListenerOwner.UNKNOWN;
    }

    /**
     * The kernel prefers who is bound to the address itself. Beside one of these, a socket on [::] can only be of IPv6
     * alone, or never gets the connection.
     */
    private static List<ListeningSocket> acceptors(List<ListeningSocket> all, int port) {
        boolean exact = all.stream().anyMatch(socket -> socket.isOnLoopback(port));
        return all.stream()
                .filter(socket -> socket.isOnLoopback(port) || (socket.isOnAny(port) && !(exact && socket.isIpv6())))
                .toList();
    }

    private boolean isOurs(ListeningSocket socket) {
        return Boolean.TRUE.equals(ours.get(socket.link()));
    }

    private void lookUp(List<ListeningSocket> wanted, List<ListeningSocket> all) {
        ours.keySet().retainAll(all.stream().map(ListeningSocket::link).collect(Collectors.toSet()));
        Set<String> unknown = wanted.stream()
                .map(ListeningSocket::link)
                .filter(link -> !ours.containsKey(link))
                .collect(Collectors.toCollection(HashSet::new));
        if (unknown.isEmpty()) {
            return;
        }
        boolean sawAll = true;
        for (ProcEntry member : tree.members()) {
            try (DirectoryStream<Path> descriptors =
                    Files.newDirectoryStream(Path.of("/proc/" + member.pid() + "/fd"))) {
                for (Path descriptor : descriptors) {
                    String link = target(descriptor);
                    if (unknown.remove(link)) {
                        ours.put(link, true);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                boolean ended = e instanceof NoSuchFileException;
                sawAll = sawAll && ended; // else it belongs to another user
            }
        }
        if (sawAll) {
            unknown.forEach(link -> ours.put(link, false));
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
