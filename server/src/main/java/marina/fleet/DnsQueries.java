package marina.fleet;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;

/** Asks a DNS server: over UDP with EDNS0, and again over TCP when the answer was cut off. Thread-safe; blocks nobody who asks. */
final class DnsQueries {
    private static final Duration NEGATIVE = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Supplier<InetSocketAddress> server;
    private final Duration timeout;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private volatile @Nullable SimpleResolver resolver;

    /**
     * Questions to one server.
     *
     * @param server found with the first question, on a thread of the executor, because that may need a look-up itself
     * @param timeout for one question, its second try over TCP included
     */
    DnsQueries(
            Supplier<InetSocketAddress> server,
            Duration timeout,
            Executor executor,
            ScheduledExecutorService scheduler) {
        this.server = server;
        this.timeout = timeout;
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /**
     * Asks for the records of a name.
     *
     * @param name without the dot at its end
     * @return completes in time, and never exceptionally
     */
    CompletableFuture<DnsAnswer> ask(String name, int type) {
        CompletableFuture<DnsAnswer> answer = new CompletableFuture<>();
        try {
            var deadline = scheduler.schedule(
                    () -> answer.complete(DnsAnswer.FAILED), timeout.toMillis(), TimeUnit.MILLISECONDS);
            executor.execute(() -> send(name, type, answer));
            return answer.whenComplete((done, failure) -> deadline.cancel(false));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(DnsAnswer.FAILED); // the server is stopping
        }
    }

    private void send(String name, int type, CompletableFuture<DnsAnswer> answer) {
        try {
            Name absolute = Name.fromString(name + ".");
            Message query = Message.newQuery(Record.newRecord(absolute, type, DClass.IN));
            var unused = resolver().sendAsync(query, executor).whenComplete((message, failure) -> {
                answer.complete(failure == null ? read(message, type) : DnsAnswer.FAILED);
            });
        } catch (TextParseException e) {
            answer.complete(DnsAnswer.none(LONGEST)); // no such name can be
        } catch (RuntimeException e) {
            answer.complete(DnsAnswer.FAILED);
        }
    }

    private SimpleResolver resolver() {
        SimpleResolver known = resolver;
        if (known == null) {
            known = new SimpleResolver(server.get());
            known.setTimeout(timeout);
            resolver = known;
        }
        return known;
    }

    private static DnsAnswer read(Message message, int type) {
        int code = message.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            return DnsAnswer.FAILED;
        }
        List<String> texts = new ArrayList<>();
        List<java.net.InetAddress> addresses = new ArrayList<>();
        Duration ttl = LONGEST;
        for (Record record : message.getSection(Section.ANSWER)) {
            ttl = shorter(ttl, record.getTTL());
            if (record.getType() == type && record instanceof TXTRecord text) {
                texts.add(joined(text));
            } else if (record.getType() == type && record instanceof AAAARecord address) {
                addresses.add(address.getAddress());
            } else if (record.getType() == type && record instanceof ARecord address) {
                addresses.add(address.getAddress());
            }
        }
        texts.removeIf(String::isBlank);
        return texts.isEmpty() && addresses.isEmpty()
                ? DnsAnswer.none(negative(message))
                : new DnsAnswer(DnsAnswer.Kind.FOUND, texts, addresses, ttl, false);
    }

    /** Long texts come in pieces of up to 255 bytes (RFC 1035 section 3.3), cut anywhere. */
    private static String joined(TXTRecord text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object piece : text.getStringsAsByteArrays()) {
            bytes.writeBytes((byte[]) piece);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** RFC 2308 section 5. */
    private static Duration negative(Message message) {
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord authority) {
                return shorter(shorter(LONGEST, authority.getTTL()), authority.getMinimum());
            }
        }
        return NEGATIVE;
    }

    private static Duration shorter(Duration one, long seconds) {
        return seconds < one.toSeconds() ? Duration.ofSeconds(seconds) : one;
    }
}
