package marina.config;

/**
 * Who gets what before a context is asked, and how; for the whole server, or for one context.
 *
 * @param auth who must show a password
 * @param publicFiles what is answered from files
 * @param bots what crawlers get
 * @param delivery how answers go out
 */
public record AccessConfig(AuthConfig auth, PublicConfig publicFiles, Bots bots, DeliveryConfig delivery) {

    /** Everybody, no files. */
    public static final AccessConfig OPEN =
            new AccessConfig(AuthConfig.OFF, PublicConfig.NONE, Bots.ALLOW, DeliveryConfig.DEFAULT);

    /** The same with another delivery. */
    AccessConfig with(DeliveryConfig other) {
        return new AccessConfig(auth, publicFiles, bots, other);
    }
}
