package marina.access;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Lines on standard output, as containers want them. */
public final class StandardOutput implements LineTarget {
    private final PrintStream out;
    private final StringBuilder pending = new StringBuilder();

    /** That of the process. */
    public StandardOutput() {
        this(System.out);
    }

    StandardOutput(PrintStream out) {
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
        if (out.checkError()) {
            throw new IOException("nobody reads it any more");
        }
    }

    @Override
    public void close() {
        out.flush();
    }
}
