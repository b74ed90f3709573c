package marina.backend;

import marina.config.ProcessConfig;

/**
 * Chooses where processes listen. One for all generations of all contexts, so that a reload does not forget what is taken.
 * Thread-safe.
 *
 * @param ports hands out ports
 * @param sockets makes the folders of sockets
 */
public record Endpoints(PortAllocator ports, SocketFolders sockets) {

    /**
     * A place that no other process has or had a short while ago. May block for some milliseconds.
     *
     * @throws StartFailedException when there is none
     */
    Endpoint take(ProcessConfig process) {
        return process.socket()
                ? new Endpoint.Socket(sockets.create(process.user()), sockets)
                : new Endpoint.Port(ports.take(), ports);
    }
}
