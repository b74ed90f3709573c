package marina.fleet;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import marina.config.PeersConfig;

/** What any DNS says of the servers that the operator has named: one with addresses lives, one without is absent. */
public final class PeerDirectory implements TargetStates.Directory {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]|localhost");

    private final FleetDns dns;
    private final PeersConfig peers;

    /** The servers of a configuration. */
    public PeerDirectory(FleetDns dns, PeersConfig peers) {
        this.dns = dns;
        this.peers = peers;
    }

    @Override
    public FleetDns dns() {
        return dns;
    }

    /** The URL of the server at a place; empty when none is named. */
    public Optional<URI> url(Place place) {
        return peers.url(place.machine(), place.region(), place.app());
    }

    @Override
    public CompletableFuture<TargetStates.Seen> state(Place place) {
        Optional<URI> url = url(place);
        if (url.isEmpty()) {
            return CompletableFuture.completedFuture(new TargetStates.Seen(TargetState.ABSENT, false));
        }
        String host = url.get().getHost();
        return ADDRESS.matcher(host).matches()
                ? CompletableFuture.completedFuture(new TargetStates.Seen(TargetState.LIVE, false))
                : state(host, false);
    }

    private CompletableFuture<TargetStates.Seen> state(String host, boolean current) {
        return dns.addresses(host, current).thenCompose(answer -> {
            if (answer.kind() == DnsAnswer.Kind.NONE && answer.stale()) {
                return state(host, true);
            }
            TargetState state =
                    switch (answer.kind()) {
                        case FOUND -> TargetState.LIVE;
                        case NONE -> TargetState.ABSENT;
                        case FAILED -> TargetState.UNKNOWN;
                    };
            return CompletableFuture.completedFuture(new TargetStates.Seen(state, answer.stale()));
        });
    }

    @Override
    public CompletableFuture<List<InetAddress>> addresses(Place place) {
        return url(place)
                .map(url -> dns.reachable(url.getHost()).thenApply(DnsAnswer::addresses))
                .orElse(CompletableFuture.completedFuture(List.of()));
    }

    /** Whether the host of a URL needs no DNS. */
    public static boolean isAddress(URI url) {
        return ADDRESS.matcher(url.getHost()).matches();
    }
}
