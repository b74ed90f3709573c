package marina.config;

import java.util.Optional;

/**
 * Remote JMX.
 *
 * @param port of the connector and its registry; 0 means local attach only
 * @param host the address to listen on
 * @param users who may connect, with one of the roles manager and manager-jmx; none where only this machine can
 * @param tls the certificate that it shows; empty for plain connections
 */
public record JmxConfig(int port, String host, UsersConfig users, Optional<CertificateFiles> tls) {
    /** Whether there is a port at all. */
    public boolean enabled() {
        return port > 0;
    }
}
