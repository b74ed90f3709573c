package marina.upstream;

import marina.proxy.ForwardTarget;

/**
 * A member in its place in a pool.
 *
 * @param number its place in the order in which the members are written
 * @param weight its share
 * @param name host and port, as X-Served-By tells them
 * @param target how requests get there
 * @param member what is known of it
 */
record Candidate(int number, double weight, String name, ForwardTarget target, Member member) {}
