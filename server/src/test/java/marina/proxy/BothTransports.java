package marina.proxy;

import java.io.IOException;
import java.nio.file.Path;

/** A backend that answers over TCP and another that answers over a Unix socket, by the same script, behind one front. */
final class BothTransports implements AutoCloseable {
    private final AnsweringBackend onTcp;
    private final AnsweringBackend onSocket;
    private final Front front;

    BothTransports(Path folder, AnsweringBackend.Script script) throws Exception {
        onTcp = AnsweringBackend.onTcp(script);
        onSocket = AnsweringBackend.onSocket(folder.resolve("app.sock"), script);
        front = Front.to(onTcp.target(), ForwardTimeouts.DEFAULT);
    }

    /** Has the front ask the backend of a transport, {@code tcp} or {@code unix}, from now on. */
    AnsweringBackend use(String transport) throws IOException {
        AnsweringBackend backend = transport.equals("tcp") ? onTcp : onSocket;
        front.target(backend.target());
        return backend;
    }

    Wire connect() throws Exception {
        return front.connect();
    }

    @Override
    public void close() throws IOException {
        front.close();
        onTcp.close();
        onSocket.close();
    }
}
