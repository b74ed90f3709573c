package marina.simulator.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import marina.simulator.journal.Journal;
import marina.simulator.machine.Fleet;
import marina.simulator.topology.Topology.Endpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;

/** The DNS server of the world, over UDP and TCP at the same port. Thread-safe. */
public final class DnsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
    private static final int MOST_QUERY = 4096;
    private static final int TCP_IDLE_MILLIS = 10_000;
    private static final int PORT_TRIES = 20;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final ScheduledExecutorService workers = Executors.newScheduledThreadPool(4, task -> {
        Thread thread = new Thread(task, "sim-dns");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable Responder responder;
    private volatile DnsFault fault = DnsFault.NONE;

    private DnsServer(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    /**
     * Takes the address; nothing is answered yet.
     *
     * @throws IOException when it is taken; the message says which
     */
    public static DnsServer bind(Endpoint at) throws IOException {
        InetAddress host = InetAddress.getByName(at.host());
        IOException last = new IOException("no port");
        for (int i = 0; i < (at.port() == 0 ? PORT_TRIES : 1); i++) {
            DatagramSocket udp;
            try {
                udp = new DatagramSocket(new InetSocketAddress(host, at.port()));
            } catch (IOException e) {
                throw new IOException("DNS cannot listen on " + at.host() + ":" + at.port() + ": " + e.getMessage(), e);
            }
            try {
                return new DnsServer(udp, new ServerSocket(udp.getLocalPort(), 50, host));
            } catch (IOException e) {
                udp.close();
                last = new IOException("DNS cannot listen on TCP port " + at.port() + ": " + e.getMessage(), e);
            }
        }
        throw last;
    }

    /** Where it listens, such as {@code 127.77.3.251:40123}. */
    public String address() {
        return udp.getLocalAddress().getHostAddress() + ":" + udp.getLocalPort();
    }

    /** Begins to answer for a fleet. */
    public void start(Fleet fleet, Journal journal, String apiAddress) {
        responder = new Responder(fleet, new Directory(fleet, apiAddress), journal);
        listen("sim-dns-udp", this::receive);
        listen("sim-dns-tcp", this::accept);
    }

    /** What is wrong with it. */
    public DnsFault fault() {
        return fault;
    }

    /** Makes something wrong with it, or nothing. */
    public void fault(DnsFault fault) {
        this.fault = fault;
    }

    private static void listen(String name, Runnable loop) {
        Thread thread = new Thread(loop, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void receive() {
        byte[] buffer = new byte[MOST_QUERY];
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
                InetSocketAddress sender = (InetSocketAddress) packet.getSocketAddress();
                later(() -> answerUdp(query, sender));
            } catch (IOException | RejectedExecutionException e) {
                LOG.debug("UDP", e);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the client gets an answer, or none
    private void later(Runnable task) {
        workers.schedule(task, fault.slow().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void answerUdp(byte[] bytes, InetSocketAddress sender) {
        try {
            byte[] reply = reply(bytes, false);
            if (reply != null) {
                udp.send(new DatagramPacket(reply, reply.length, sender));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("A query cannot be answered", e);
        }
    }

    private byte @Nullable [] reply(byte[] bytes, boolean overTcp) throws IOException {
        Message query = new Message(bytes);
        if (query.getQuestion() == null) {
            throw new IOException("no question");
        }
        Responder ready = responder;
        return ready == null ? null : ready.answer(query, fault, overTcp);
    }

    private void accept() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                listen("sim-dns-client", () -> converse(socket));
            } catch (IOException e) {
                LOG.debug("TCP", e);
            }
        }
    }

    /** Queries on one connection, one after the other, each after its length (RFC 1035 section 4.2.2). */
    private void converse(Socket socket) {
        try (socket) {
            socket.setSoTimeout(TCP_IDLE_MILLIS);
            DataInputStream input = new DataInputStream(socket.getInputStream());
            DataOutputStream output = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] query = new byte[input.readUnsignedShort()];
                input.readFully(query);
                byte[] reply = workers.schedule(
                                () -> reply(query, true), fault.slow().toMillis(), TimeUnit.MILLISECONDS)
                        .get();
                if (reply != null) {
                    output.writeShort(reply.length);
                    output.write(reply);
                    output.flush();
                }
            }
        } catch (IOException | java.util.concurrent.ExecutionException e) {
            LOG.debug("A TCP client has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        workers.shutdownNow();
    }
}
