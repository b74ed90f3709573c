package marina.config;

/**
 * The file of the access log.
 *
 * @param name below the folder of logs; {@code -} for standard output
 * @param daily whether a new file begins each day
 * @param size in bytes, at which a new file begins; zero for no limit
 * @param keep how many older files stay; zero for all
 * @param compress whether older files are compressed
 */
public record AccessFileConfig(String name, boolean daily, long size, int keep, boolean compress) {
    /** Standard output instead of a file. */
    public static final String STANDARD_OUTPUT = "-";

    /** A file each day and for each 50 MB, thirty of them. */
    public static final AccessFileConfig DEFAULT = new AccessFileConfig("access.log", true, 50L << 20, 30, false);
}
