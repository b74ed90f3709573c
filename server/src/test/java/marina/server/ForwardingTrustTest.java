package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import marina.config.Cidr;
import marina.config.TrustedProxies;
import marina.config.TrustedProxies.Known;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about a client is believed from trusted proxies, and from nobody else. */
class ForwardingTrustTest {
    @TempDir
    private Path base;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // X-Forwarded-For | the client | the hops
                "6.6.6.6 | 6.6.6.6 | 10.0.0.1",
                "1.1.1.1, 6.6.6.6 | 6.6.6.6 | 10.0.0.1",
                "6.6.6.6, 10.0.0.7 | 6.6.6.6 | 10.0.0.7 10.0.0.1",
                "10.0.0.9, 10.0.0.7 | 10.0.0.9 | 10.0.0.7 10.0.0.1",
                "1.1.1.1, 10.0.0.7, 6.6.6.6, 10.0.0.8 | 6.6.6.6 | 10.0.0.8 10.0.0.1",
                "6.6.6.6:1234 | 6.6.6.6 | 10.0.0.1",
                "2001:db8::1 | 2001:db8:0:0:0:0:0:1 | 10.0.0.1",
                "[2001:db8::1]:99 | 2001:db8:0:0:0:0:0:1 | 10.0.0.1",
                "unknown | 10.0.0.1 | ",
                "evil.example.com | 10.0.0.1 | ",
                "6.6.6.6, unknown, 10.0.0.7 | 10.0.0.7 | 10.0.0.1",
                "999.1.1.1 | 10.0.0.1 | ",
                " | 10.0.0.1 | ",
            })
    void theRightmostAddressThatIsNotTrustedIsTheClients(String given, String client, String hops) throws Exception {
        HttpFields.Mutable fields = HttpFields.build();
        if (given != null) {
            fields.add("X-Forwarded-For", given);
        }

        ForwardingTrust.Belief belief = trust(Set.of(), "10.0.0.0/8")
                .believe(address("10.0.0.1"), fields)
                .orElseThrow();

        assertThat(belief.client().getHostAddress()).isEqualTo(client);
        assertThat(String.join(" ", belief.hops())).isEqualTo(hops == null ? "" : hops);
    }

    @Test
    void severalFieldsAreOneList() throws Exception {
        HttpFields fields =
                HttpFields.build().add("X-Forwarded-For", "1.1.1.1").add("X-Forwarded-For", "6.6.6.6, 10.0.0.2");

        assertThat(trust(Set.of(), "10.0.0.0/8")
                        .believe(address("10.0.0.1"), fields)
                        .orElseThrow()
                        .client())
                .isEqualTo(address("6.6.6.6"));
    }

    @Test
    void forwardedIsReadWhenThereIsNoXForwardedFor() throws Exception {
        HttpFields fields = HttpFields.build()
                .add("Forwarded", "for=1.1.1.1, for=\"[2001:db8::1]:7\";proto=https;host=\"a.example:81\"");

        ForwardingTrust.Belief belief = trust(Set.of(), "10.0.0.0/8")
                .believe(address("10.0.0.1"), fields)
                .orElseThrow();

        assertThat(belief.client()).isEqualTo(address("2001:db8::1"));
        assertThat(belief.scheme()).isEqualTo("https");
        assertThat(belief.host()).isEqualTo("a.example:81");
    }

    @Test
    void aProxyThatSetsXForwardedForIsNotOverruledByItsClientsForwarded() throws Exception {
        HttpFields fields =
                HttpFields.build().add("X-Forwarded-For", "6.6.6.6").add("Forwarded", "for=1.1.1.1;proto=https");

        ForwardingTrust.Belief belief = trust(Set.of(), "10.0.0.0/8")
                .believe(address("10.0.0.1"), fields)
                .orElseThrow();

        assertThat(belief.client()).isEqualTo(address("6.6.6.6"));
        assertThat(belief.scheme()).isNull();
    }

    @Test
    void flyIsBelievedByItsOwnFieldsOnly() throws Exception {
        HttpFields fields = HttpFields.build()
                .add("Fly-Client-IP", "6.6.6.6")
                .add("Fly-Forwarded-Proto", "https")
                .add("Fly-Forwarded-Port", "443")
                .add("X-Forwarded-For", "1.1.1.1, 172.16.0.9")
                .add("X-Forwarded-Proto", "http")
                .add("X-Forwarded-Port", "1234")
                .add("CF-Connecting-IP", "7.7.7.7");
        ForwardingTrust fly = trust(Set.of(Known.FLY));

        ForwardingTrust.Belief belief =
                fly.believe(address("172.19.0.1"), fields).orElseThrow();

        assertThat(belief.client()).isEqualTo(address("6.6.6.6"));
        assertThat(belief.scheme()).isEqualTo("https");
        assertThat(belief.port()).isEqualTo(443);
        assertThat(fly.believe(address("fdaa:0:1::2"), fields)).isEmpty();
    }

    @Test
    void cloudflareIsBelievedFromItsNetworksAlsoBehindFly() throws Exception {
        HttpFields fields = HttpFields.build()
                .add("CF-Connecting-IP", "6.6.6.6")
                .add("CF-Visitor", "{\"scheme\":\"https\"}")
                .add("X-Forwarded-For", "1.1.1.1, 9.9.9.9");
        ForwardingTrust both = trust(Set.of(Known.FLY, Known.CLOUDFLARE));

        ForwardingTrust.Belief direct =
                both.believe(address("104.16.1.1"), fields).orElseThrow();
        HttpFields throughFly = HttpFields.build(fields).add("Fly-Client-IP", "2606:4700::5");
        ForwardingTrust.Belief behind =
                both.believe(address("172.19.0.1"), throughFly).orElseThrow();
        HttpFields forged = HttpFields.build(fields).add("Fly-Client-IP", "8.8.8.8");

        assertThat(direct.client()).isEqualTo(address("6.6.6.6"));
        assertThat(direct.scheme()).isEqualTo("https");
        assertThat(behind.client()).isEqualTo(address("6.6.6.6"));
        assertThat(behind.hops()).hasSize(2);
        assertThat(both.believe(address("172.19.0.1"), forged).orElseThrow().client())
                .isEqualTo(address("8.8.8.8"));
        assertThat(both.believe(address("8.8.8.8"), fields)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.255.255.255", "192.168.1.7", "fdaa::1", "127.0.0.1", "::1", "2001:db8:5::"})
    void networksHoldTheirAddresses(String text) throws Exception {
        ForwardingTrust trust =
                trust(Set.of(Known.LOOPBACK), "10.0.0.0/8", "192.168.1.7", "fdaa::/16", "2001:db8:4::/47");

        assertThat(trust.contains(address(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9.255.255.255",
                "11.0.0.0",
                "192.168.1.8",
                "fdab::1",
                "128.0.0.1",
                "::2",
                "::a00:1",
                "2001:db8:6::"
            })
    void networksHoldNoOthers(String text) throws Exception {
        ForwardingTrust trust =
                trust(Set.of(Known.LOOPBACK), "10.0.0.0/8", "192.168.1.7", "fdaa::/16", "2001:db8:4::/47");

        assertThat(trust.contains(address(text))).isFalse();
    }

    private static final String CLAIMS = String.join(
            "\r\n",
            "X-Forwarded-For: 6.6.6.6",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Port: 444",
            "X-Real-IP: 6.6.6.6",
            "Remote-User: root",
            "Remote_User: root",
            "X-Remote-User: root",
            "X_Remote_User: root",
            "X-Forwarded-User: root",
            "x-forwarded-USER: root",
            "Proxy: http://evil",
            "X-Request-Id: my-id-1");

    @Test
    void aStrangersClaimsReachNobody() throws Exception {
        try (HeadEcho echo = new HeadEcho("echo");
                MarinaUnderTest marina = MarinaUnderTest.start(base, contexts(echo))) {
            String answer = RawClient.get(marina.uri(""), "/x", CLAIMS);

            assertThat(answer).doesNotContain("root", "6.6.6.6", "evil", "444", "https");
            assertThat(answer).contains("\r\nX-Forwarded-For: 127.0.0.1\r\n", "\r\nX-Forwarded-Host: shop\r\n");
            assertThat(answer.split("X-Request-Id: my-id-1", -1))
                    .as("in the answer, and upstream")
                    .hasSize(3);
        }
    }

    @Test
    void whatATrustedProxySaysBecomesTheRequest() throws Exception {
        try (HeadEcho echo = new HeadEcho("echo");
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, "trusted_proxies: [loopback]\n" + contexts(echo))) {
            String answer = RawClient.get(marina.uri(""), "/x", CLAIMS);
            String redirect = RawClient.get(marina.uri(""), "/files", CLAIMS);

            assertThat(answer).doesNotContain("root", "Proxy:");
            assertThat(answer)
                    .contains(
                            "\r\nX-Forwarded-For: 6.6.6.6, 127.0.0.1\r\n",
                            "\r\nX-Forwarded-Proto: https\r\n",
                            "\r\nX-Forwarded-Host: evil.example\r\n",
                            "\r\nX-Forwarded-Port: 444\r\n",
                            "\r\nForwarded: for=6.6.6.6;host=\"evil.example\";proto=https, for=127.0.0.1\r\n",
                            "\r\nHost: evil.example\r\n");
            assertThat(redirect).contains(" 302 ");
            assertThat(marina.reload("trusted_proxies: []\n" + contexts(echo)).succeeded())
                    .isTrue();
            assertThat(RawClient.get(marina.uri(""), "/x", CLAIMS)).doesNotContain("6.6.6.6");
        }
    }

    private String contexts(HeadEcho echo) {
        MarinaUnderTest.write(base, "site/a.txt", "a file");
        return "contexts: { /: { upstream: \"" + echo.url() + "\" }, /files: { files: site } }\n";
    }

    private static ForwardingTrust trust(Set<Known> known, String... networks) {
        return new ForwardingTrust(new TrustedProxies(
                known, List.of(networks).stream().map(Cidr::parse).toList()));
    }

    private static InetAddress address(String text) {
        return Optional.ofNullable(ForwardingTrust.address(text)).orElseThrow();
    }
}
