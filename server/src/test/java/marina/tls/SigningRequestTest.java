package marina.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import marina.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests for certificates, as others read them. */
class SigningRequestTest {
    @TempDir
    private Path folder;

    @Test
    void isReadByTheKeytoolOfTheJdk() throws Exception {
        KeyPair key = X509Writer.newKey();
        byte[] request = X509Writer.request(List.of("a.test", "www.a.test"), key);
        Path file = folder.resolve("request.pem");
        Files.writeString(file, TestCertificates.pem("CERTIFICATE REQUEST", request));

        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-Duser.language=en",
                        "-printcertreq",
                        "-file",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(keytool.waitFor()).as(printed).isZero();
        assertThat(printed).contains("DNSName: a.test", "DNSName: www.a.test", "256-bit EC");
        assertThat(SigningRequest.read(request))
                .isEqualTo(new SigningRequest(List.of("a.test", "www.a.test"), key.getPublic()));
    }
}
