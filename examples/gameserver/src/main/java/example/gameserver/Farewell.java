package example.gameserver;

/** Why the server ends a connection. Browsers see the status (RFC 6455 section 7.4); {@code game.js} knows these. */
enum Farewell {
    GOING(1001, "the arena closes here"),
    NONSENSE(1008, "not understood"),
    FULL(4001, "the arena is full"),
    AWAY(4002, "away for too long"),
    TOO_FAST(4003, "too many messages"),
    TOO_SLOW(4004, "too slow to follow");

    private final int status;
    private final String reason;

    Farewell(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
