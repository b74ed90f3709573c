/**
 * Live updates of pages: browsers subscribe to streams over WebSockets, applications on this machine post what is to be sent
 * to all who are subscribed. Knows nothing of contexts but their paths.
 *
 * <pre>
 * browser ── WebSocket ── CableSocket ─ Outbox ←┐
 *                              └ subscribe → CableHub → CableStream → Subscription
 * application ── POST ── BroadcastHandler ──────┘
 * </pre>
 */
@NullMarked
package marina.cable;

import org.jspecify.annotations.NullMarked;
