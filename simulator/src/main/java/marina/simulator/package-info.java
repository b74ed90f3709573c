/**
 * A Fly-like world on one machine. It shares no code with the server that it tries.
 *
 * <pre>
 *   client ─→ edge ─→ machine (a real process)         control: page, REST
 *               ↑        │ fly-replay                  journal: one JSON line for each event
 *               └────────┘ dns, api: what the process asks
 * </pre>
 */
@NullMarked
package marina.simulator;

import org.jspecify.annotations.NullMarked;
