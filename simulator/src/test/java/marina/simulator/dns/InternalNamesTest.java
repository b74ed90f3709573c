package marina.simulator.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import marina.simulator.machine.MachineState;
import marina.simulator.testing.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The names below .internal and .flycast, asked with a resolver over real sockets. */
class InternalNamesTest {

    private World world;

    @BeforeEach
    void begin() {
        world = World.of(
                "regions: { ewr: {}, lhr: {}, nrt: {} }",
                "apps:",
                "  shop:",
                "    services: [{ port: 8080, listen: 0 }]",
                "    machine: { command: APP }",
                "    machines:",
                "      - { id: m1, region: ewr, metadata: { tenant: sam } }",
                "      - { id: m2, region: lhr, group: worker }",
                "      - { id: m3, region: nrt, state: stopped }",
                "      - { id: m4, region: nrt, skip_dns_registration: true }",
                "  other:",
                "    machine: { command: APP, state: stopped }",
                "    machines: [{ id: o1, region: ewr }]");
    }

    @AfterEach
    void end() {
        world.close();
    }

    private SimpleResolver resolver() throws UnknownHostException {
        String[] address = world.simulator().dnsAddress().split(":", -1);
        SimpleResolver resolver = new SimpleResolver(address[0]);
        resolver.setPort(Integer.parseInt(address[1]));
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver;
    }

    private Message ask(String name, int type) throws IOException {
        return resolver().send(Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, 1)));
    }

    private List<String> addresses(String name) throws IOException {
        List<String> found = ask(name, Type.AAAA).getSection(Section.ANSWER).stream()
                .map(record -> ((AAAARecord) record).getAddress().getHostAddress())
                .toList();
        List<String> ipv4 = ask(name, Type.A).getSection(Section.ANSWER).stream()
                .map(record -> ((ARecord) record).getAddress().getHostAddress())
                .toList();
        assertThat(found).as("AAAA are the mapped A").hasSameSizeAs(ipv4);
        return ipv4;
    }

    private Optional<String> text(String name) throws IOException {
        return ask(name, Type.TXT).getSection(Section.ANSWER).stream()
                .map(record -> String.join("", ((TXTRecord) record).getStrings()))
                .findFirst();
    }

    private String address(String machine) {
        return world.machine(machine).address();
    }

    @Test
    void addressesNameStartedMachinesOnly() throws IOException {
        assertThat(addresses("shop.internal")).containsExactly(address("m1"), address("m2"));
        assertThat(addresses("global.shop.internal")).hasSize(2);
        assertThat(addresses("lhr.shop.internal")).containsExactly(address("m2"));
        assertThat(addresses("nrt.shop.internal")).isEmpty();
        assertThat(addresses("m1.vm.shop.internal")).containsExactly(address("m1"));
        assertThat(addresses("m3.vm.shop.internal")).isEmpty();
        assertThat(addresses("M1.VM.shop.INTERNAL")).containsExactly(address("m1"));
        assertThat(addresses("worker.process.shop.internal")).containsExactly(address("m2"));
        assertThat(addresses("top1.nearest.of.shop.internal")).containsExactly(address("m1"));
        assertThat(addresses("sam.tenant.kv._metadata.shop.internal")).containsExactly(address("m1"));
        assertThat(addresses("m4.vm.shop.internal")).isEmpty();
    }

    @Test
    void textTellsStartedAndDeployedMachines() throws IOException {
        assertThat(text("vms.shop.internal")).contains("m1 ewr,m2 lhr");
        assertThat(text("all.vms.shop.internal")).contains("m1 ewr,m2 lhr,m3 nrt");
        assertThat(text("regions.shop.internal")).contains("ewr,lhr");
        assertThat(text("all.regions.shop.internal")).contains("ewr,lhr,nrt");
        assertThat(text("_apps.internal")).contains("shop,other");
        assertThat(text("_instances.internal"))
                .contains("instance=m1,app=shop,ip=" + address("m1") + ",region=ewr;instance=m2,app=shop,ip="
                        + address("m2") + ",region=lhr");
        assertThat(text("all._instances.internal").orElse("")).contains("instance=o1,app=other");
        assertThat(text("vms.other.internal")).isEmpty();
        assertThat(text("_peer.internal")).isEmpty();
    }

    @Test
    void aStateIsSeenAtOnceAndLivesFiveSeconds() throws IOException {
        world.machine("m1").suspend(Duration.ZERO, "test").join();
        world.await("m1", MachineState.SUSPENDED);
        assertThat(text("vms.shop.internal")).contains("m2 lhr");
        assertThat(text("all.vms.shop.internal")).contains("m1 ewr,m2 lhr,m3 nrt");
        assertThat(ask("vms.shop.internal", Type.TXT).getSection(Section.ANSWER))
                .allSatisfy(record -> assertThat(record.getTTL()).isEqualTo(5));
    }

    @Test
    void namesThatMeanNothingDoNotExist() throws IOException {
        assertThat(ask("gone.internal", Type.AAAA).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask("gone.vm.shop.internal", Type.AAAA).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask("vms.other.internal", Type.TXT).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(ask("x._peer.internal", Type.AAAA).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
    }

    @Test
    void flycastAndTheApiHaveAddressesOfTheirOwn() throws Exception {
        assertThat(addresses("_api.internal")).hasSize(1);
        List<String> flycast = addresses("shop.flycast");
        assertThat(flycast).hasSize(1);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + flycast.get(0) + ":8080/"))
                                .header("fly-force-instance-id", "m3")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).as("Flycast wakes").contains("\"machine\":\"m3\"");
    }

    @Test
    void theApiAtItsNameWantsATokenAndServesAllMachines() throws Exception {
        URI machines = URI.create("http://" + addresses("_api.internal").get(0) + ":4280/v1/apps/shop/machines");
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest.Builder request = HttpRequest.newBuilder(machines);
        assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        request.header("Authorization", "Bearer any");
        assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                        .body())
                .contains("\"id\":\"m1\"", "\"id\":\"m3\"")
                .doesNotContain("o1");
    }

    @Test
    void faultsComeOnCommand() throws IOException {
        control("{\"mode\":\"servfail\"}");
        assertThat(ask("shop.internal", Type.AAAA).getRcode()).isEqualTo(Rcode.SERVFAIL);
        control("{\"mode\":\"nxdomain\",\"suffix\":\"vms.shop.internal\"}");
        assertThat(ask("vms.shop.internal", Type.TXT).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(text("regions.shop.internal")).contains("ewr,lhr");
        control("{\"mode\":\"nodata\"}");
        assertThat(ask("shop.internal", Type.AAAA).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(addresses("shop.internal")).isEmpty();
        control("{\"slow_ms\":400}");
        long begin = System.nanoTime();
        assertThat(text("regions.shop.internal")).contains("ewr,lhr");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        control("{\"mode\":\"silent\"}");
        SimpleResolver impatient = resolver();
        impatient.setTimeout(Duration.ofMillis(300));
        Message query = Message.newQuery(Record.newRecord(Name.fromString("shop.internal."), Type.AAAA, 1));
        assertThatThrownBy(() -> impatient.send(query)).isInstanceOf(IOException.class);
        control("{}");
        assertThat(text("regions.shop.internal")).contains("ewr,lhr");
    }

    @Test
    void staleAnswersTellThePast() throws IOException {
        world.machine("m1").destroy("test").join();
        assertThat(text("all.vms.shop.internal")).contains("m2 lhr,m3 nrt");
        control("{\"stale_ms\":600000}");
        assertThat(text("all.vms.shop.internal")).contains("m1 ewr,m2 lhr,m3 nrt");
    }

    @Test
    void truncatedAnswersAreWholeOverTcp() throws IOException {
        control("{\"mode\":\"truncated\"}");
        SimpleResolver resolver = resolver();
        resolver.setIgnoreTruncation(true);
        Message query = Message.newQuery(Record.newRecord(Name.fromString("vms.shop.internal."), Type.TXT, 1));
        assertThat(resolver.send(query).getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(text("vms.shop.internal")).as("the resolver asks again").contains("m1 ewr,m2 lhr");
        AtomicInteger overTcp = new AtomicInteger();
        world.events("dns").forEach(event -> overTcp.addAndGet("tcp".equals(event.get("transport")) ? 1 : 0));
        assertThat(overTcp).hasPositiveValue();
    }

    private void control(String json) throws IOException {
        assertThat(world.command("dns", json)).isEqualTo(200);
    }
}
