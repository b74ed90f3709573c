package marina.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * A certificate that Marina orders and renews itself, from an authority that speaks ACME (RFC 8555). There is one only where
 * the operator has agreed to the authority's terms.
 *
 * @param domains host names in lower case, at least one; the first one names the certificate
 * @param email where the authority may write to; empty for nowhere
 * @param directory where the authority's services are listed
 * @param renewBefore how long before its end it is renewed, at most a third of its lifetime
 */
public record AcmeConfig(List<String> domains, String email, URI directory, Duration renewBefore)
        implements CertificateConfig {

    /** Copies its list. */
    public AcmeConfig {
        domains = List.copyOf(domains);
    }

    @Override
    public <T> T fold(Function<CertificateFiles, T> files, Function<AcmeConfig, T> acme) {
        return acme.apply(this);
    }
}
