package marina.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Machines of a fleet in this JVM, the DNS server that they ask, and what they log. */
public final class FleetBed implements AutoCloseable {
    private final Path base;
    private final DnsUnderTest dns = new DnsUnderTest();
    private final List<MarinaUnderTest> machines = new ArrayList<>();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger access = (Logger) LoggerFactory.getLogger("marina.access");
    private final @Nullable Level before;
    private final Logger fleet = (Logger) LoggerFactory.getLogger("marina.valve.Fleet");
    private final Logger all = (Logger) LoggerFactory.getLogger("marina");

    /** With machines in folders below a base. */
    public FleetBed(Path base) throws IOException {
        this.base = base;
        lines.start();
        before = access.getLevel();
        access.setLevel(Level.INFO);
        fleet.setLevel(Level.INFO);
        all.addAppender(lines);
    }

    /** Their DNS server. */
    public DnsUnderTest dns() {
        return dns;
    }

    /** A machine on Fly, of the app {@code app}; {@code DNS} in its configuration is the address of the DNS server. */
    public MarinaUnderTest onFly(String machine, String region, String yaml) {
        return start(machine, Map.of("FLY_APP_NAME", "app", "FLY_REGION", region, "FLY_MACHINE_ID", machine), yaml);
    }

    /** A machine elsewhere. */
    public MarinaUnderTest elsewhere(String region, String yaml) {
        return start(region, Map.of("MARINA_REGION", region), yaml);
    }

    /** A machine that finds this in its environment. */
    public MarinaUnderTest start(String name, Map<String, String> identity, String yaml) {
        MarinaUnderTest machine = MarinaUnderTest.start(
                base.resolve(name + "-" + machines.size()), yaml.replace("DNS", dns.address()), identity);
        machines.add(machine);
        return machine;
    }

    /** The lines of all logs that hold a text. */
    public List<String> logged(String text) {
        return List.copyOf(lines.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(text))
                .toList();
    }

    /** A number that a machine shows at {@code marina:type=Fleet}. */
    public static long count(MarinaUnderTest machine, String name) {
        try {
            return (Long) machine.mbeans().getAttribute(new ObjectName("marina:type=Fleet"), name);
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    /** The port of a machine. */
    public static int port(MarinaUnderTest machine) {
        return machine.uri("").getPort();
    }

    @Override
    public void close() {
        machines.forEach(MarinaUnderTest::close);
        dns.close();
        all.detachAppender(lines);
        access.setLevel(before);
        fleet.setLevel(null);
    }
}
