package marina.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends signals. With {@code kill(2)} where the native library loads; otherwise with what the JDK has, which knows
 * single processes only. Thread-safe.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private final Optional<LibC> libc;

    Signals() {
        this.libc = load();
    }

    /** To one process; false when there is no such process or it may not be signalled. */
    boolean process(long pid, Signal signal) {
        if (libc.isPresent()) {
            return libc.get().kill(Math.toIntExact(pid), signal.number) == 0;
        }
        return ProcessHandle.of(pid)
                .map(process -> signal == Signal.KILL ? process.destroyForcibly() : process.destroy())
                .orElse(false);
    }

    /** To all processes of a group at once, so that none escapes by forking meanwhile; false when there is none. */
    boolean group(long group, Signal signal) {
        // 0 and 1 would mean "my own group" and "every process".
        return group > 1 && libc.isPresent() && libc.get().kill(-Math.toIntExact(group), signal.number) == 0;
    }

    private static Optional<LibC> load() {
        try {
            return Optional.of(Native.load("c", LibC.class));
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            LOG.warn(
                    "No kill(2): signals go to single processes only. Is java.io.tmpdir mounted noexec? {}",
                    e.toString());
            return Optional.empty();
        }
    }

    /** The two that Marina sends. */
    enum Signal {
        /** Please end. */
        TERM(15),
        /** End. */
        KILL(9);

        private final int number;

        Signal(int number) {
            this.number = number;
        }
    }

    /** The part of the C library that is needed. */
    interface LibC extends Library {
        /** See {@code kill(2)}. */
        int kill(int pid, int signal);
    }
}
