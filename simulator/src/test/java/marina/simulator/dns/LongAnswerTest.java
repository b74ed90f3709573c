package marina.simulator.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import marina.simulator.testing.World;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Text of more than 255 bytes comes in pieces, and of more than 512 bytes needs EDNS or TCP. */
class LongAnswerTest {

    private static World world;

    @BeforeAll
    static void begin() {
        String machines = IntStream.range(100, 160)
                .mapToObj(number -> "{ id: 683d314fdd" + number + ", region: ewr, state: stopped }")
                .collect(Collectors.joining(", "));
        world = World.of(
                "regions: { ewr: {} }",
                "apps: { shop: { machine: { command: APP }, machines: [ " + machines + " ] } }");
    }

    @AfterAll
    static void end() {
        world.close();
    }

    private static Message ask(boolean tcp, int ednsSize) throws IOException {
        String[] address = world.simulator().dnsAddress().split(":", -1);
        SimpleResolver resolver = new SimpleResolver(address[0]);
        resolver.setPort(Integer.parseInt(address[1]));
        resolver.setTCP(tcp);
        resolver.setIgnoreTruncation(true);
        resolver.setEDNS(ednsSize == 0 ? -1 : 0, ednsSize, 0, List.of());
        return resolver.send(
                Message.newQuery(Record.newRecord(Name.fromString("all.vms.shop.internal."), Type.TXT, 1)));
    }

    @Test
    void thePiecesJoinedWithoutAnythingAreTheText() throws IOException {
        List<String> pieces =
                ((TXTRecord) ask(true, 0).getSection(Section.ANSWER).get(0)).getStrings();
        assertThat(pieces).hasSizeGreaterThan(3);
        assertThat(pieces.get(0)).hasSize(255);
        assertThat(String.join("", pieces).split(",", -1)).hasSize(60).allMatch(entry -> entry.matches("\\w+ ewr"));
    }

    @Test
    void plainUdpIsTruncatedAndEdnsIsNot() throws IOException {
        Message plain = ask(false, 0);
        assertThat(plain.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(plain.numBytes()).isLessThanOrEqualTo(512);
        Message large = ask(false, 4096);
        assertThat(large.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(large.getSection(Section.ANSWER)).hasSize(1);
        assertThat(large.getOPT()).isNotNull();
    }
}
