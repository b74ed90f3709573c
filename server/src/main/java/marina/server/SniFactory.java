package marina.server;

import java.security.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;
import org.jspecify.annotations.Nullable;

/** Chooses the certificate by the name that the client asks for (SNI), and the first one for every other name. */
final class SniFactory extends SslContextFactory.Server {

    /** The alias of a certificate; they sort by number. */
    static String alias(int number) {
        return String.format("%04d", number);
    }

    @Override
    public @Nullable String sniSelect(
            String keyType,
            Principal @Nullable [] issuers,
            SSLSession session,
            @Nullable String sniHost,
            Collection<X509> certificates) {
        String alias = super.sniSelect(keyType, issuers, session, sniHost, certificates);
        return DELEGATE.equals(alias) ? first(certificates) : alias;
    }

    /** The first, or one for the same names with a key of the type that is asked for; null asks for the next type. */
    private @Nullable String first(Collection<X509> ofKeyType) {
        Optional<X509> first = Optional.ofNullable(getX509(alias(0)));
        List<String> names = first.map(SniFactory::names).orElse(List.of());
        return ofKeyType.stream()
                .filter(one -> one.getAlias().equals(alias(0)) || names(one).equals(names))
                .map(X509::getAlias)
                .min(String::compareTo)
                .orElse(null);
    }

    private static List<String> names(X509 certificate) {
        return java.util.stream.Stream.concat(certificate.getHosts().stream(), certificate.getWilds().stream())
                .sorted()
                .toList();
    }
}
