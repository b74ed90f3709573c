package example.gameserver;

/** Somebody in an arena, which alone changes what may change, under its lock. */
final class Player {
    private static final int COLOURS = 10;

    final int id;
    final Outbox outbox;
    final Sea.Boat boat;
    /** May speak five times at once, then once a second. */
    final Allowance speech;

    String name;
    long lastActed;

    Player(int id, Outbox outbox, Sea.Boat boat, long now) {
        this.id = id;
        this.outbox = outbox;
        this.boat = boat;
        this.name = "Guest " + id;
        this.speech = new Allowance(5, 1, now);
        this.lastActed = now;
    }

    /** One of those in game.css. */
    int colour() {
        return id % COLOURS;
    }
}
