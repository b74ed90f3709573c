package marina.cable;

import java.util.concurrent.atomic.LongAdder;

/** What a cable has done since the start. Thread-safe. */
final class CableCounters {
    /** Broadcasts that were taken. */
    final LongAdder broadcasts = new LongAdder();

    /** Broadcasts that were refused. */
    final LongAdder refusedBroadcasts = new LongAdder();

    /** Messages that were handed to a socket. */
    final LongAdder delivered = new LongAdder();

    /** Messages that a client did not get because too many were waiting for it. */
    final LongAdder dropped = new LongAdder();

    /** Sockets that were not opened: foreign pages, too many sockets. */
    final LongAdder refusedSockets = new LongAdder();

    /** Subscriptions that were not made: unsigned names, too many of one socket. */
    final LongAdder refusedSubscriptions = new LongAdder();

    /** Sockets that were cut off because their client was silent, or did not read for too long. */
    final LongAdder cutOff = new LongAdder();
}
