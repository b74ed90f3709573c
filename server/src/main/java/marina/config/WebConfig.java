package marina.config;

/**
 * What a WAR is told besides its own web.xml.
 *
 * @param users who may log in to it, and with which roles
 */
public record WebConfig(UsersConfig users) {

    /** Nothing. */
    public static final WebConfig DEFAULT = new WebConfig(UsersConfig.NONE);
}
