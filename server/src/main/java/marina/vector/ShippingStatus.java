package marina.vector;

/**
 * How lines get to Vector.
 *
 * @param connected whether it reads
 * @param waiting lines in the queue
 * @param sent lines since the start
 * @param dropped lines since the start that found the queue full
 */
public record ShippingStatus(boolean connected, int waiting, long sent, long dropped) {}
