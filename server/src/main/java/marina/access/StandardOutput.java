package marina.access;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lines on standard output, as containers want them. Written past {@link System#out}, which remembers a failure for ever: when
 * whoever reads has been away for a while, the next lines go there again. One thread.
 */
public final class StandardOutput implements LineTarget {
    private final OutputStream out;
    private final StringBuilder pending = new StringBuilder();

    /** That of the process, which is left open. */
    public StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    StandardOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "standard output";
    }

    @Override
    public void add(String line) {
        pending.append(line).append('\n');
    }

    @Override
    public void flush() throws IOException {
        byte[] bytes = pending.toString().getBytes(StandardCharsets.UTF_8);
        pending.setLength(0);
        out.write(bytes);
        out.flush();
    }

    @Override
    public void close() {
        pending.setLength(0); // flushed before, or lost
    }
}
