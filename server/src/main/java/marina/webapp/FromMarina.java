package marina.webapp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.security.Principal;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * A request that Marina has passed on to this JVM, as a WAR in Marina's own JVM would see it: what Marina says of the client
 * has been put where servlets look for it, and the fields that said so are not there. Used by one thread at a time.
 */
final class FromMarina extends Request.Wrapper {
    private static final String USER = "Remote-User";

    /** What Marina adds to the fields of the client, in lower case. */
    private static final Set<String> TOLD = Set.of(
            "remote-user",
            "x-remote-user",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-proto");

    private final HttpFields fields;
    private final ConnectionMetaData connection;

    private FromMarina(Request request) {
        super(request);
        HttpFields.Mutable rest = HttpFields.build();
        for (HttpField field : request.getHeaders()) {
            if (!TOLD.contains(field.getLowerCaseName())) {
                rest.add(field);
            }
        }
        fields = rest.asImmutable();
        connection = withAddress(request.getConnectionMetaData());
    }

    /** Only Marina can connect, and it sets these fields itself. */
    static void believe(HttpConfiguration http) {
        http.addCustomizer(new ForwardedRequestCustomizer());
        http.addCustomizer((request, headers) -> of(request));
    }

    private static Request of(Request request) {
        String name = request.getHeaders().get(USER);
        if (name != null) {
            Principal user = new Named(name);
            Request.setAuthenticationState(request, new Request.AuthenticationState() {
                @Override
                public Principal getUserPrincipal() {
                    return user;
                }
            });
        }
        return new FromMarina(request);
    }

    /** Jetty makes a name of the address that it reads in a field; then an IPv6 address is spelt in another way. */
    private static ConnectionMetaData withAddress(ConnectionMetaData connection) {
        if (!(connection.getRemoteSocketAddress() instanceof InetSocketAddress remote) || !remote.isUnresolved()) {
            return connection;
        }
        InetSocketAddress address = literal(remote);
        return new ConnectionMetaData.Wrapper(connection) {
            @Override
            public SocketAddress getRemoteSocketAddress() {
                return address;
            }
        };
    }

    private static InetSocketAddress literal(InetSocketAddress named) {
        String host = named.getHostString();
        if (host.chars().anyMatch(c -> ".:[]".indexOf(c) < 0 && Character.digit(c, 16) < 0)) {
            return named; // never ask the DNS
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), named.getPort());
        } catch (UnknownHostException e) {
            return named;
        }
    }

    @Override
    public HttpFields getHeaders() {
        return fields;
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
        return connection;
    }

    private record Named(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }
}
