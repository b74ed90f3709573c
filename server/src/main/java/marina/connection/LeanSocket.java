package marina.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/** A socket that sends a single buffer with the plain system call; Jetty gathers always, which costs Java and the system more. */
public class LeanSocket extends SocketChannelEndPoint {

    /** A socket that a selector looks at. */
    public LeanSocket(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        if (buffers.length != 1) {
            return super.flush(buffers);
        }
        int written;
        try {
            written = getChannel().write(buffers[0]);
        } catch (IOException e) {
            throw new EofException(e); // what Jetty makes of it
        }
        if (written > 0) {
            notIdle();
        }
        return !buffers[0].hasRemaining();
    }
}
