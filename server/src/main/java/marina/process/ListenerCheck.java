package marina.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds out whether a listening socket belongs to a process tree: /proc/net/tcp names inodes, /proc/PID/fd holds them. */
final class ListenerCheck {
    /** TCP_LISTEN of the kernel's net/tcp_states.h. */
    private static final String LISTEN = "0A";

    /** 127.0.0.1 and 0.0.0.0 as the kernel prints them on little-endian machines, and both ends of the byte order. */
    private static final Set<String> IPV4 = Set.of("0100007F", "7F000001", "00000000");

    private static final String IPV6_ANY = "0".repeat(32);

    /** ::ffff:127.0.0.1: what a JVM with IPv6 binds when it is told 127.0.0.1. */
    private static final String IPV6_MAPPED_LOOPBACK = "0000000000000000FFFF00000100007F";

    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private final ProcessTree tree;

    ListenerCheck(ProcessTree tree) {
        this.tree = tree;
    }

    ListenerOwner ownerOf(int port) {
        Set<String> listeners = new HashSet<>();
        addListeners(Path.of("/proc/net/tcp"), port, listeners);
        addListeners(Path.of("/proc/net/tcp6"), port, listeners);
        if (listeners.isEmpty()) {
            return ListenerOwner.UNKNOWN;
        }
        boolean sawAll = true;
        for (ProcEntry member : tree.members()) {
            try (DirectoryStream<Path> descriptors =
                    Files.newDirectoryStream(Path.of("/proc/" + member.pid() + "/fd"))) {
                for (Path descriptor : descriptors) {
                    if (listeners.contains(target(descriptor))) {
                        return ListenerOwner.TREE;
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                sawAll = false; // it has just ended, or belongs to another user
            }
        }
        return sawAll ? ListenerOwner.STRANGER : ListenerOwner.UNKNOWN;
    }

    private static void addListeners(Path table, int port, Set<String> inodes) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        List<String> lines;
        try {
            lines = Files.readAllLines(table);
        } catch (IOException e) {
            return; // no such table: then nobody is found, which is what "unknown" says
        }
        for (String line : lines) {
            List<String> fields = List.of(line.strip().split(" +"));
            if (fields.size() > INODE
                    && fields.get(STATE).equals(LISTEN)
                    && fields.get(ADDRESS).endsWith(suffix)) {
                String address =
                        fields.get(ADDRESS).substring(0, fields.get(ADDRESS).length() - suffix.length());
                if (IPV4.contains(address) || address.equals(IPV6_ANY) || address.equals(IPV6_MAPPED_LOOPBACK)) {
                    inodes.add("socket:[" + fields.get(INODE) + "]");
                }
            }
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
