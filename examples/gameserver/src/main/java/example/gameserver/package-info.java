/**
 * The example of a game in many regions: a lobby, and an arena for each region with a live connection, mounted several times
 * from one archive.
 *
 * <pre>
 * Guard -> GameServlet   GET /       the lobby where the setting REGIONS is given, else the arena
 *                        GET /health "ok"
 *       -> LiveServlet   GET /live   the WebSocket of the arena: LiveEndpoint -> Arena -> Sea (the rules)
 *       -> AssetServlet                                                            -> Outbox (for each player)
 * </pre>
 *
 * What goes over the WebSocket is described in {@link example.gameserver.LiveEndpoint} and {@link example.gameserver.Messages}.
 */
@NullMarked
package example.gameserver;

import org.jspecify.annotations.NullMarked;
