package marina.config;

import java.util.List;
import java.util.Set;

/**
 * Whose forwarding headers are believed.
 *
 * @param known proxies whose networks Marina knows
 * @param networks further networks
 */
public record TrustedProxies(Set<Known> known, List<Cidr> networks) {

    /** Proxies that need not be listed by address. */
    public enum Known {
        /** Fly.io's edge. */
        FLY,
        /** Cloudflare's edge. */
        CLOUDFLARE,
        /** This machine. */
        LOOPBACK
    }

    /** Copies its collections. */
    public TrustedProxies {
        known = Set.copyOf(known);
        networks = List.copyOf(networks);
    }
}
