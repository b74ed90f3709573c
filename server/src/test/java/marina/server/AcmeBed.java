package marina.server;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import marina.testing.AcmeAuthority;
import marina.testing.MarinaUnderTest;

/** A Marina that orders its certificates from an authority on this machine. */
final class AcmeBed implements AutoCloseable {
    private final MarinaUnderTest marina;

    private AcmeBed(MarinaUnderTest marina) {
        this.marina = marina;
    }

    static AcmeBed start(Path base, String yaml) {
        MarinaUnderTest.write(base, "conf/server.yml", yaml);
        return new AcmeBed(MarinaUnderTest.startAsWritten(base));
    }

    /** A plain listener that redirects, and one with a certificate for these names. */
    static String listen(URI directory, String... names) {
        return """
                listen:
                  - { host: 127.0.0.1, port: 0, redirect_to_https: true }
                  - { host: 127.0.0.1, port: 0, tls: { acme: %s } }
                """
                .formatted(acme(directory, names));
    }

    static String acme(URI directory, String... names) {
        return "{ domains: [" + String.join(", ", names) + "], email: ops@example.com, directory: \"" + directory
                + "\", agree_to_terms: true }";
    }

    MarinaUnderTest marina() {
        return marina;
    }

    int plainPort() {
        return marina.server().urls().get(0).getPort();
    }

    int tlsPort() {
        return marina.server().urls().get(1).getPort();
    }

    /** The authority finds these names here. */
    void answersFor(AcmeAuthority authority, String... names) {
        Stream.of(names).forEach(name -> authority.leads(name, plainPort()));
    }

    X509Certificate shown(String name) throws Exception {
        return shown(name, tlsPort());
    }

    static X509Certificate shown(String name, int port) throws Exception {
        try (TlsWire wire = TlsWire.connect(port, name)) {
            return wire.certificate();
        }
    }

    /** Waits until a client that trusts this authority trusts what is shown for a name. */
    X509Certificate awaitCertificate(AcmeAuthority authority, String name) throws Exception {
        await(name).atMost(Duration.ofSeconds(30)).until(() -> isTrusted(authority, shown(name), name));
        return shown(name);
    }

    /** Whether it is signed by the authority, valid now, and for this name. */
    static boolean isTrusted(AcmeAuthority authority, X509Certificate certificate, String name) {
        try {
            certificate.verify(authority.root().getPublicKey());
            certificate.checkValidity();
            return certificate.getSubjectAlternativeNames().stream()
                    .anyMatch(alternative -> name.equals(alternative.get(1)));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** What JMX says of the orders of the listener with TLS. */
    List<String> acme() throws JMException {
        return List.of((String[]) marina.mbeans().getAttribute(tlsListener(), "Acme"));
    }

    long daysLeft() throws JMException {
        return (Long) marina.mbeans().getAttribute(tlsListener(), "CertificateDaysLeft");
    }

    void retryOrders() throws JMException {
        marina.mbeans().invoke(tlsListener(), "retryOrders", new Object[0], new String[0]);
    }

    /** Waits until JMX tells of a problem with this in it. */
    String awaitProblem(String part) {
        await(part).atMost(Duration.ofSeconds(30)).until(() -> acme().get(0).contains(part));
        try {
            return acme().get(0);
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    private ObjectName tlsListener() throws JMException {
        for (ObjectName name : marina.mbeans().queryNames(new ObjectName("marina:type=Listener,*"), null)) {
            if (String.valueOf(marina.mbeans().getAttribute(name, "Url")).startsWith("https:")) {
                return name;
            }
        }
        throw new AssertionError("no listener with TLS");
    }

    @Override
    public void close() {
        marina.close();
    }
}
