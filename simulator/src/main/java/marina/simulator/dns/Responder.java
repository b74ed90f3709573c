package marina.simulator.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import marina.simulator.dns.DnsFault.Mode;
import marina.simulator.journal.Event;
import marina.simulator.journal.Journal;
import marina.simulator.machine.Fleet;
import marina.simulator.machine.MachineView;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Makes the answer to one query. Thread-safe. */
final class Responder {

    /** Seconds, as Fly's own answers have. */
    static final long TTL = 5;

    private static final int PLAIN_UDP = 512;
    private static final int MOST_UDP = 4096;
    private static final int TEXT_CHUNK = 255;

    private final Fleet fleet;
    private final Directory directory;
    private final Journal journal;
    private final Random chance;

    Responder(Fleet fleet, Directory directory, Journal journal) {
        this.fleet = fleet;
        this.directory = directory;
        this.journal = journal;
        this.chance = new Random(fleet.topology().chaos().seed());
    }

    /** The name that is asked for, in small letters and without the last dot. */
    static String name(Message query) {
        String name = query.getQuestion().getName().toString(true);
        return name.toLowerCase(Locale.ROOT);
    }

    /** The bytes of the answer; null when there is to be none. */
    byte @Nullable [] answer(Message query, DnsFault fault, boolean tcp) {
        Record question = query.getQuestion();
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AA);
        reply.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        reply.addRecord(question, Section.QUESTION);
        String name = name(query);
        Mode mode = name.endsWith(fault.suffix()) ? fault.mode() : Mode.NONE;
        if (mode == Mode.NONE && chance.nextDouble() < fleet.topology().chaos().dns()) {
            mode = Mode.SERVFAIL;
        }
        fill(reply, query, question, name, mode, fault);
        OPTRecord asked = query.getOPT();
        if (asked != null) {
            reply.addRecord(new OPTRecord(MOST_UDP, 0, 0), Section.ADDITIONAL);
        }
        journal.add(Event.of("dns")
                .with("name", name)
                .with("type", Type.string(question.getType()))
                .with("transport", tcp ? "tcp" : "udp")
                .with("fault", mode == Mode.NONE ? null : mode.name().toLowerCase(Locale.ROOT))
                .with("rcode", Rcode.string(reply.getRcode()))
                .with("answers", reply.getSection(Section.ANSWER).size()));
        if (mode == Mode.SILENT) {
            return null;
        }
        if (tcp) {
            return reply.toWire(Message.MAXLENGTH);
        }
        if (mode == Mode.TRUNCATED) {
            reply.removeAllRecords(Section.ANSWER);
            reply.getHeader().setFlag(Flags.TC);
        }
        int room = asked == null ? PLAIN_UDP : Math.min(MOST_UDP, Math.max(PLAIN_UDP, asked.getPayloadSize()));
        return reply.toWire(room);
    }

    private void fill(Message reply, Message query, Record question, String name, Mode mode, DnsFault fault) {
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            reply.getHeader().setRcode(Rcode.NOTIMP);
        } else if (mode == Mode.SERVFAIL) {
            reply.getHeader().setRcode(Rcode.SERVFAIL);
        } else if (mode == Mode.NXDOMAIN) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
        } else if (!Directory.owns(name) || question.getDClass() != DClass.IN) {
            reply.getHeader().setRcode(Rcode.REFUSED);
        } else if (mode != Mode.NODATA) {
            records(
                    reply,
                    question,
                    name,
                    fleet.views(name.endsWith(fault.suffix()) ? fault.stale() : java.time.Duration.ZERO));
        }
    }

    /** A name that has neither addresses nor text at this moment does not exist; one that has the other is empty. */
    private void records(Message reply, Record question, String name, List<MachineView> known) {
        List<String> addresses = directory.addresses(name, known);
        Optional<String> text = directory.text(name, known);
        if (addresses.isEmpty() && text.isEmpty()) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
            return;
        }
        Name owner = question.getName();
        int type = question.getType();
        for (String address : addresses) {
            if (type == Type.A || type == Type.ANY) {
                reply.addRecord(new ARecord(owner, DClass.IN, TTL, inet(address)), Section.ANSWER);
            }
            if (type == Type.AAAA || type == Type.ANY) {
                reply.addRecord(new AAAARecord(owner, DClass.IN, TTL, mapped(address)), Section.ANSWER);
            }
        }
        if (text.isPresent() && !text.get().isEmpty() && (type == Type.TXT || type == Type.ANY)) {
            reply.addRecord(new TXTRecord(owner, DClass.IN, TTL, chunks(text.get())), Section.ANSWER);
        }
    }

    private static List<String> chunks(String text) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < text.length(); i += TEXT_CHUNK) {
            found.add(text.substring(i, Math.min(text.length(), i + TEXT_CHUNK)));
        }
        return found;
    }

    private static InetAddress inet(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    /** The IPv4 address as an IPv6 one (RFC 4291 section 2.5.5.2): programs that ask for AAAA reach the loopback too. */
    private static byte[] mapped(String address) {
        byte[] found = new byte[16];
        found[10] = (byte) 0xFF;
        found[11] = (byte) 0xFF;
        System.arraycopy(inet(address).getAddress(), 0, found, 12, 4);
        return found;
    }
}
