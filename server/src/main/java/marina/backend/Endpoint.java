package marina.backend;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import marina.process.ListenerOwner;
import marina.process.RunningProcess;

/**
 * Where the process of one start listens, and nobody else's: chosen before the start, given back after the end. Made by
 * {@link Endpoints}. Thread-safe.
 */
sealed interface Endpoint {

    /** What {@code ${port}} or {@code ${socket}} is. */
    Map<String, String> values();

    /** Where it answers, for programs: {@code http://127.0.0.1:40123} or {@code unix:/path}. */
    URI origin();

    /** The same for people: {@code 127.0.0.1:40123} or {@code unix:/path}. */
    String address();

    /** What it is, in a message: {@code port 40123}. */
    String describe();

    /** What to do when nobody answers there. */
    String advice();

    /** Whose process listens there. May block for some milliseconds. */
    ListenerOwner owner(RunningProcess process);

    /** Gives it back; its process has ended. May block for some milliseconds. */
    void release();

    /**
     * A TCP port of 127.0.0.1.
     *
     * @param port taken from the allocator
     * @param ports gets it back
     */
    record Port(int port, PortAllocator ports) implements Endpoint {
        @Override
        public Map<String, String> values() {
            return Map.of("port", Integer.toString(port));
        }

        @Override
        public URI origin() {
            return URI.create("http://" + address());
        }

        @Override
        public String address() {
            return "127.0.0.1:" + port;
        }

        @Override
        public String describe() {
            return "port " + port;
        }

        @Override
        public String advice() {
            return "check that the command listens on 127.0.0.1:${port}";
        }

        @Override
        public ListenerOwner owner(RunningProcess process) {
            return process.listenerOn(port);
        }

        @Override
        public void release() {
            ports.release(port);
        }
    }

    /**
     * A Unix socket. That its process and no other listens there is seen to by its folder, which nobody else may enter and
     * whose name nobody can guess.
     *
     * @param folder holds the socket
     * @param folders gets it back
     */
    record Socket(Path folder, SocketFolders folders) implements Endpoint {
        private static final String SCHEME = "unix";

        Path path() {
            return SocketFolders.socketIn(folder);
        }

        @Override
        public Map<String, String> values() {
            return Map.of("socket", path().toString());
        }

        @Override
        public URI origin() {
            return URI.create(SCHEME + ":" + path().toUri().getRawPath());
        }

        @Override
        public String address() {
            return SCHEME + ":" + path();
        }

        @Override
        public String describe() {
            return "socket " + path();
        }

        @Override
        public String advice() {
            return Files.exists(path())
                    ? "check that the command serves HTTP on ${socket}"
                    : "the socket does not exist, check that the command listens on ${socket}";
        }

        @Override
        public ListenerOwner owner(RunningProcess process) {
            return ListenerOwner.TREE;
        }

        @Override
        public void release() {
            folders.remove(folder);
        }
    }
}
