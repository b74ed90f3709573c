package marina.cable;

/**
 * What all sockets together may have in memory.
 *
 * @param arriving of messages whose end is still to come
 * @param named names of subscriptions
 * @param waiting messages on their way to clients or waiting for them, each once
 * @param onTheWay broadcasts that have been taken and not yet handed to all sockets
 */
record Backlogs(Backlog arriving, Backlog named, Backlog waiting, Backlog onTheWay) {
    /** A small heap has room for less. */
    private static final long MOST_ON_THE_WAY = 64L << 20;

    /** As this JVM has room for. */
    static Backlogs ofThisJvm() {
        long heap = Runtime.getRuntime().maxMemory();
        return new Backlogs(
                new Backlog(heap / 16),
                new Backlog(heap / 4),
                new Backlog(heap / 8),
                new Backlog(Math.min(heap / 16, MOST_ON_THE_WAY)));
    }
}
