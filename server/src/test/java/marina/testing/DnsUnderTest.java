package marina.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A DNS server on loopback, UDP and TCP, that answers what a test tells it, and fails as a test tells it. */
public final class DnsUnderTest implements AutoCloseable {
    private static final int PIECE = 255;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private volatile Fault fault = Fault.NONE;
    private volatile int limit = Integer.MAX_VALUE;
    private volatile int ttl = 5;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** How it fails. */
    public enum Fault {
        /** Not at all. */
        NONE,
        /** Every question is SERVFAIL. */
        SERVFAIL,
        /** No question is answered. */
        SILENT,
        /** Answers are no messages. */
        NONSENSE
    }

    /** Listens at once, on one port for both. */
    public DnsUnderTest() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        tcp = new ServerSocket(0, 16, loopback);
        udp = new DatagramSocket(tcp.getLocalPort(), loopback);
        daemon(this::serveUdp);
        daemon(this::serveTcp);
    }

    /** {@code 127.0.0.1:port}, as {@code fleet.dns.server} has it. */
    public String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    /** Where it listens. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
    }

    /** Records get this TTL from now on, in seconds. */
    public DnsUnderTest ttl(int seconds) {
        ttl = seconds;
        return this;
    }

    /** A text, cut into pieces of 255 bytes. */
    public DnsUnderTest txt(String name, String text) {
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < text.length(); i += PIECE) {
            pieces.add(text.substring(i, Math.min(text.length(), i + PIECE)));
        }
        records.put(key(name, Type.TXT), List.of(new TXTRecord(name(name), DClass.IN, ttl, pieces)));
        return this;
    }

    /** An address, of either kind. */
    public DnsUnderTest address(String name, String address) {
        try {
            InetAddress parsed = InetAddress.getByName(address);
            boolean six = address.indexOf(':') >= 0;
            Record record = six
                    ? new AAAARecord(name(name), DClass.IN, ttl, sixteen(parsed.getAddress()))
                    : new ARecord(name(name), DClass.IN, ttl, parsed);
            records.put(key(name, six ? Type.AAAA : Type.A), List.of(record));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java takes the prefix off addresses of IPv4 that are mapped to IPv6. */
    private static byte[] sixteen(byte[] address) {
        byte[] mapped = new byte[16];
        System.arraycopy(address, 0, mapped, 16 - address.length, address.length);
        if (address.length == 4) {
            mapped[10] = -1;
            mapped[11] = -1;
        }
        return mapped;
    }

    /** Nothing is known of a name any more. */
    public DnsUnderTest forget(String name) {
        List.of(Type.TXT, Type.A, Type.AAAA).forEach(type -> records.remove(key(name, type)));
        return this;
    }

    /** Fails from now on. */
    public void fail(Fault how) {
        fault = how;
    }

    /** Answers over UDP that are longer are cut off. */
    public void cutUdpAt(int bytes) {
        limit = bytes;
    }

    /** Holds answers back until {@link #release}. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    /** Lets go of held answers. */
    public void release() {
        gate.countDown();
    }

    /** All questions so far: {@code udp TXT vms.app.internal}. */
    public List<String> questions() {
        return questions;
    }

    /** How many of them were about this. */
    public long asked(String type, String name) {
        return questions.stream()
                .filter(question -> question.endsWith(" " + type + " " + name))
                .count();
    }

    private void serveUdp() {
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            try {
                udp.receive(packet);
                byte[] data = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
                daemon(() -> answerUdp(data, packet));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answerUdp(byte[] data, DatagramPacket packet) {
        try {
            Message query = new Message(data);
            byte[] answer = answer(query, "udp", Math.min(limit, payload(query)));
            if (answer.length > 0) {
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // closed meanwhile
        }
    }

    private static int payload(Message query) {
        return query.getOPT() == null ? 512 : query.getOPT().getPayloadSize();
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                daemon(() -> answerTcp(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answerTcp(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] data = in.readNBytes(in.readUnsignedShort());
                byte[] answer = answer(new Message(data), "tcp", 65_535);
                if (answer.length == 0) {
                    return;
                }
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            }
        } catch (IOException e) {
            // the other side has what it wanted
        }
    }

    private byte[] answer(Message query, String how, int most) {
        Record question = query.getQuestion();
        String name = question.getName().toString(true);
        questions.add(how + " " + Type.string(question.getType()) + " " + name);
        Fault now = fault;
        pass();
        if (now == Fault.SILENT) {
            return new byte[0];
        }
        if (now == Fault.NONSENSE) {
            return new byte[] {1, 2, 3};
        }
        Message answer = new Message();
        answer.setHeader(new Header(query.getHeader().getID()));
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        List<Record> found = records.get(key(name, question.getType()));
        if (now == Fault.SERVFAIL) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        } else if (found != null) {
            found.forEach(record -> answer.addRecord(record, Section.ANSWER));
        } else if (records.keySet().stream().noneMatch(key -> key.startsWith(name + " "))) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        return answer.toWire(most);
    }

    private void pass() {
        try {
            boolean unused = gate.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String key(String name, int type) {
        return name + " " + type;
    }

    private static Name name(String name) {
        return Name.fromConstantString(name + ".");
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "dns-under-test");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        release();
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
