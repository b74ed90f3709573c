package marina.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The standard input and output of one process that is about to be started. Where the system has no pipes for us, they are those of
 * the JDK. For one thread.
 */
final class Pipes implements Closeable {
    private Optional<SystemPipe> input = Optional.empty();
    private Optional<SystemPipe> output = Optional.empty();
    private @Nullable OutputStream toProcess;
    private @Nullable ProcessOutput fromProcess;

    private Pipes() {}

    /** New ones, to be closed when the process has started. */
    static Pipes open() throws IOException {
        Pipes pipes = new Pipes();
        try {
            pipes.input = SystemPipe.open();
            pipes.output = SystemPipe.open();
            if (pipes.input.isPresent() && pipes.output.isPresent()) {
                pipes.toProcess = Channels.newOutputStream(
                        FileChannel.open(pipes.input.get().writeEnd().name().toPath(), StandardOpenOption.WRITE));
                pipes.fromProcess = ProcessOutput.of(pipes.output.get().readEnd());
            }
            return pipes;
        } catch (IOException e) {
            pipes.close();
            throw e;
        }
    }

    /** Starts a process with their other ends. */
    Process start(ProcessBuilder builder) throws IOException {
        builder.redirectInput(
                input.map(pipe -> Redirect.from(pipe.readEnd().name())).orElse(Redirect.PIPE));
        builder.redirectOutput(
                output.map(pipe -> Redirect.to(pipe.writeEnd().name())).orElse(Redirect.PIPE));
        Process process = builder.start();
        if (toProcess == null || fromProcess == null) {
            toProcess = process.getOutputStream();
            fromProcess = ProcessOutput.of(process.getInputStream());
        }
        return process;
    }

    /** The process that has been started, with our ends, which are the caller's from now on. */
    PipedProcess handOver(RunningProcess process) {
        OutputStream to = toProcess;
        ProcessOutput from = fromProcess;
        if (to == null || from == null) {
            throw new IllegalStateException("nothing has been started");
        }
        toProcess = null;
        fromProcess = null;
        output.ifPresent(pipe -> pipe.writeEnd().close());
        output = Optional.empty(); // its other end is read now
        return new PipedProcess(process, to, from);
    }

    /** Closes the ends of the process, and ours when nobody has taken them. */
    @Override
    public void close() throws IOException {
        input.ifPresent(SystemPipe::close);
        output.ifPresent(SystemPipe::close);
        if (toProcess != null) {
            toProcess.close();
        }
        if (fromProcess != null) {
            fromProcess.close();
        }
    }
}
