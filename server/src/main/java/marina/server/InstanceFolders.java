package marina.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import marina.config.Directories;

/** The folders of an instance that Marina writes to. */
record InstanceFolders(Directories directories) {
    /** sun_path of sockaddr_un(7), with its zero byte, on the systems that have the least. */
    private static final int LONGEST_SOCKET_PATH = 103;

    /** The control socket; short where the working directory permits, because its length is limited. */
    Path controlSocket() {
        return directories.run().resolve("marina.sock");
    }

    /** Makes what is missing. */
    void makeWritable() throws StartException {
        for (Path folder : List.of(directories.run(), directories.data(), directories.work())) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new StartException("cannot make the folder " + folder + ": " + e, e);
            }
            if (!Files.isWritable(folder)) {
                throw new StartException("the folder " + folder + " is not writable; change its owner or its mode");
            }
        }
    }

    /** What to add to the message when the server did not start; empty when the control socket is not to blame. */
    String adviceOnSocket() {
        return controlSocket().toString().length() > LONGEST_SOCKET_PATH
                ? "; the path of " + controlSocket() + " is longer than a socket's may be, choose a shorter MARINA_BASE"
                : "";
    }
}
