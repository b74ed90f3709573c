package marina.simulator.edge;

import java.security.SecureRandom;

/** Makes ids of requests: a ULID, sorted by time, and the region of the edge. Thread-safe. */
final class RequestIds {

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TIME_DIGITS = 10;
    private static final int RANDOM_DIGITS = 16;

    private final SecureRandom random = new SecureRandom();

    String next(String region) {
        char[] id = new char[TIME_DIGITS + RANDOM_DIGITS];
        long time = System.currentTimeMillis();
        for (int i = TIME_DIGITS - 1; i >= 0; i--) {
            id[i] = DIGITS.charAt((int) (time & 31));
            time >>>= 5;
        }
        for (int i = TIME_DIGITS; i < id.length; i++) {
            id[i] = DIGITS.charAt(random.nextInt(32));
        }
        return new String(id) + "-" + region;
    }
}
