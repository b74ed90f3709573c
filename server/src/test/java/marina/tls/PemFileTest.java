package marina.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import marina.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms that certificates and keys come in. */
class PemFileTest {
    @TempDir
    private Path folder;

    private final TestCertificates.Pair ec = TestCertificates.of("ec.test");
    private final TestCertificates.Pair rsa =
            TestCertificates.of(Instant.now().plus(Duration.ofDays(9)), "RSA", "rsa.test", "*.rsa.test");

    @Test
    void readsKeysOfAllForms() throws Exception {
        assertThat(PemFile.privateKey(file(pem("PRIVATE KEY", rsa.key().getEncoded()))))
                .isEqualTo(rsa.key());
        assertThat(PemFile.privateKey(
                        file(pem("RSA PRIVATE KEY", inner(rsa.key().getEncoded())))))
                .isEqualTo(rsa.key());
        // openssl writes the curve before the key, where the key does not name it
        String curve = pem("EC PARAMETERS", Der.oid("1.2.840.10045.3.1.7"));
        byte[] sec1 = inner(ec.key().getEncoded());
        assertThat(number(PemFile.privateKey(file(curve + pem("EC PRIVATE KEY", sec1)))))
                .isEqualTo(number(ec.key()));
        assertThat(number(PemFile.privateKey(file(pem("EC PRIVATE KEY", withCurve(sec1))))))
                .isEqualTo(number(ec.key()));
    }

    @Test
    void findsTheCertificateOfTheKeyAndItsChainInAnyOrder() throws Exception {
        var leaf = X509Writer.certificate(
                new X509Writer.Draft(
                        List.of("leaf.test"),
                        "ec.test",
                        Instant.now(),
                        Instant.now().plus(Duration.ofDays(1))),
                rsa.certificate().getPublicKey(),
                ec.key());
        Path certificates = file("a comment\n"
                + pem("CERTIFICATE", ec.certificate().getEncoded()) + pem("CERTIFICATE", leaf.getEncoded()));
        ServerCertificate found = ServerCertificate.of(PemFile.certificates(certificates), rsa.key());

        assertThat(found.chain()).containsExactly(leaf, ec.certificate());
        assertThat(found.names()).containsExactly("leaf.test");
        found.leaf().verify(ec.certificate().getPublicKey());
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThatThrownBy(() -> PemFile.certificates(file("nothing"))).hasMessageContaining("holds no certificate");
        assertThatThrownBy(() -> PemFile.privateKey(
                        file(pem("CERTIFICATE", ec.certificate().getEncoded()))))
                .hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> PemFile.privateKey(file(pem("ENCRYPTED PRIVATE KEY", new byte[3]))))
                .hasMessageContaining("is encrypted");
        assertThatThrownBy(() -> PemFile.privateKey(file(pem("EC PRIVATE KEY", new byte[] {0x30, 9, 2}))))
                .hasMessageContaining("damaged");
        assertThatThrownBy(() -> ServerCertificate.of(List.of(ec.certificate()), rsa.key()))
                .hasMessageContaining("is not the key of the certificate (CN=ec.test)");
    }

    private static BigInteger number(PrivateKey key) {
        return ((ECPrivateKey) key).getS();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("one.pem"), text);
    }

    private static String pem(String label, byte[] content) {
        return TestCertificates.pem(label, content);
    }

    /** What PKCS#8 wraps: PKCS#1 or SEC1. */
    private static byte[] inner(byte[] pkcs8) {
        Der.Reader fields = new Der.Reader(pkcs8).enter();
        fields.skip();
        fields.skip();
        return fields.content();
    }

    private static byte[] withCurve(byte[] sec1) {
        Der.Reader fields = new Der.Reader(sec1).enter();
        byte[] version = fields.content();
        byte[] number = fields.content();
        return Der.sequence(
                Der.tagged(2, version), Der.octets(number), Der.tagged(Der.CONTEXT_0, Der.oid("1.2.840.10045.3.1.7")));
    }
}
