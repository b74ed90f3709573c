package marina.simulator.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/** An upgraded connection: bytes in both directions, whatever they mean, until either side closes. */
final class Tunnel extends AbstractConnection implements Connection.UpgradeTo {

    private static final int BUFFER = 16 * 1024;

    private final MachineLink machine;
    private final Runnable ended;
    private final AtomicBoolean closed = new AtomicBoolean();
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    /**
     * @param ended is called once, when both sides are closed
     */
    Tunnel(EndPoint client, Executor executor, MachineLink machine, Runnable ended) {
        super(client, executor);
        this.machine = machine;
        this.ended = ended;
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        early = BufferUtil.copy(buffer);
        BufferUtil.clear(buffer);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(0);
        getExecutor().execute(this::fromMachine);
        getExecutor().execute(() -> {
            if (passOn(early)) {
                fillInterested();
            }
        });
    }

    @Override
    public void onFillable() {
        ByteBuffer buffer = BufferUtil.allocate(BUFFER);
        while (true) {
            int count;
            try {
                BufferUtil.clear(buffer);
                count = getEndPoint().fill(buffer);
            } catch (IOException e) {
                end();
                return;
            }
            if (count == 0) {
                fillInterested();
                return;
            }
            if (count < 0) {
                clientDone();
                return;
            }
            if (!passOn(buffer)) {
                return;
            }
        }
    }

    private boolean passOn(ByteBuffer bytes) {
        try {
            machine.output().write(BufferUtil.toArray(bytes));
            machine.output().flush();
            return true;
        } catch (IOException e) {
            end();
            return false;
        }
    }

    private void clientDone() {
        try {
            machine.shutdownOutput();
        } catch (IOException e) {
            end();
        }
    }

    private void fromMachine() {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = machine.input().read(buffer);
                    count >= 0;
                    count = machine.input().read(buffer)) {
                try (Blocker.Callback written = Blocker.callback()) {
                    getEndPoint().write(written, ByteBuffer.wrap(buffer, 0, count));
                    written.block();
                }
            }
        } catch (IOException e) {
            // either side has gone: the end is the same
        } finally {
            end();
        }
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        end();
    }

    /** Closes both sides. */
    void end() {
        if (closed.compareAndSet(false, true)) {
            try {
                machine.close();
            } catch (IOException e) {
                // it is closed all the same
            }
            getEndPoint().close();
            ended.run();
        }
    }
}
