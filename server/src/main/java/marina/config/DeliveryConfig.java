package marina.config;

import java.nio.file.Path;

/**
 * How answers go out.
 *
 * @param compression whether text is compressed for clients that accept it
 * @param sendfile the folder with the files that a backend may name instead of sending them; empty when it may not
 * @param headers fields that are set on the way; those of the server are no part of what a context has
 */
public record DeliveryConfig(boolean compression, Path sendfile, HeadersConfig headers) {
    /** Compressed, and nothing but what a backend sends. */
    public static final DeliveryConfig DEFAULT = new DeliveryConfig(true, Path.of(""), HeadersConfig.NONE);

    /** Whether a backend may name files. */
    public boolean hasSendfile() {
        return !sendfile.toString().isEmpty();
    }
}
