package marina.config;

/**
 * What all backends together may use.
 *
 * @param backends running at once; 0 means any number
 * @param memory bytes; 0 means no limit
 */
public record LimitsConfig(int backends, long memory) {}
