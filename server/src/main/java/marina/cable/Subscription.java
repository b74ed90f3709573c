package marina.cable;

/**
 * One socket on one stream.
 *
 * @param socket who
 * @param sentName the name of the stream as the client sent it, with its signature if it has one: messages come back under it
 */
record Subscription(CableSocket socket, String sentName) {}
