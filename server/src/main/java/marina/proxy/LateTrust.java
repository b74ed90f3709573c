package marina.proxy;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * Trusts whom the JVM trusts, but reads its certificates when the first backend shows one: most servers have no backend with TLS, and reading
 * 150 certificates takes a tenth of a start. Thread-safe.
 */
final class LateTrust extends X509ExtendedTrustManager {
    private @Nullable X509ExtendedTrustManager read; // guarded by this

    private LateTrust() {}

    /** What the client of a TLS connection needs; it is started by its first connection. */
    static SslContextFactory.Client client() {
        return new LateClient();
    }

    /** The algorithms of TLS take a twentieth of a start. */
    private static final class LateClient extends SslContextFactory.Client {

        @Override
        protected void doStart() throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new LateTrust()}, null);
            setSslContext(context);
            super.doStart();
        }

        private void awaken() {
            try {
                start(); // does nothing when it has been
            } catch (Exception e) {
                throw new IllegalStateException("the JVM has no TLS", e); // every JVM has
            }
        }

        @Override
        public SSLEngine newSSLEngine() {
            awaken();
            return super.newSSLEngine();
        }

        @Override
        public SSLEngine newSSLEngine(String host, int port) {
            awaken();
            return super.newSSLEngine(host, port);
        }
    }

    private synchronized X509ExtendedTrustManager trust() throws CertificateException {
        if (read == null) {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                read = Stream.of(factory.getTrustManagers())
                        .filter(X509ExtendedTrustManager.class::isInstance)
                        .map(X509ExtendedTrustManager.class::cast)
                        .findFirst()
                        .orElseThrow(() -> new CertificateException("the JVM trusts nobody"));
            } catch (GeneralSecurityException e) {
                throw new CertificateException("the certificates that the JVM trusts cannot be read", e);
            }
        }
        return read;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trust().checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust().checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trust().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust().checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust().checkClientTrusted(chain, type);
    }

    /** Only servers tell clients whose certificates they accept. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
