package marina.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client over TLS that takes every certificate, so that a test can look at what it is shown. */
final class TlsWire implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final SSLSocket socket;
    private final BufferedReader reader;

    private TlsWire(SSLSocket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.startHandshake();
        reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Connects, asks for a name (none when empty), and offers these versions of TLS. */
    static TlsWire connect(int port, String name, String... versions) throws IOException, GeneralSecurityException {
        return over(new Socket(InetAddress.getLoopbackAddress(), port), name, versions);
    }

    /** Speaks TLS over a connection that is there. */
    static TlsWire over(Socket plain, String name, String... versions) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, name.isEmpty() ? "127.0.0.1" : name, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
        if (versions.length > 0) {
            parameters.setProtocols(versions);
        }
        socket.setSSLParameters(parameters);
        return new TlsWire(socket);
    }

    /** The subject of the certificate that was shown. */
    String subject() throws IOException {
        return certificate().getSubjectX500Principal().getName();
    }

    /** The certificate that was shown. */
    X509Certificate certificate() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    /** Asks, and does not wait for the answer. */
    void ask(String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Asks, and reads the status line and the header of the answer. */
    String head(String path) throws IOException {
        ask(path);
        StringBuilder head = new StringBuilder();
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** Reads this many characters. */
    String body(int length) throws IOException {
        char[] body = new char[length];
        int read = 0;
        while (read < length) {
            int more = reader.read(body, read, length - read);
            if (more < 0) {
                break;
            }
            read += more;
        }
        return new String(body, 0, read);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Trusts everybody. */
    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
