package marina.simulator.edge;

import marina.simulator.journal.Journal;
import marina.simulator.machine.Fleet;

/** What all requests share. */
record EdgeServices(Fleet fleet, Journal journal, Reach reach, ReplayCache cache) {}
