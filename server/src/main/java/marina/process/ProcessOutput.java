package marina.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a process prints, for one thread, which closes it. There is no end while anybody holds the other end, were it somebody who
 * has nothing to do with the process any more; hence one can wait for a while only.
 */
public final class ProcessOutput extends InputStream {
    private final InputStream bytes;
    private final SystemPipe.@Nullable End end;

    private ProcessOutput(InputStream bytes, SystemPipe.@Nullable End end) {
        this.bytes = bytes;
        this.end = end;
    }

    /** Of a pipe of the JDK, which cannot be waited for with a limit. */
    static ProcessOutput of(InputStream bytes) {
        return new ProcessOutput(bytes, null);
    }

    /** Of this end, which goes over to it. */
    static ProcessOutput of(SystemPipe.End end) throws IOException {
        return new ProcessOutput(new FileInputStream(end.name()), end);
    }

    /** Whether {@link #read(byte[], Duration)} keeps its limit; it does where the system has what that needs. */
    public boolean keepsLimits() {
        return end != null;
    }

    /**
     * Reads what is there.
     *
     * @param limit how long to wait for something
     * @return how many bytes; 0 when there was nothing for so long, -1 for the end
     */
    public int read(byte[] buffer, Duration limit) throws IOException {
        return end != null && !end.awaitReadable(limit) ? 0 : bytes.read(buffer);
    }

    @Override
    public int read() throws IOException {
        return bytes.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return bytes.read(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
        try {
            bytes.close();
        } finally {
            if (end != null) {
                end.close();
            }
        }
    }
}
