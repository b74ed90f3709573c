package marina.login;

/**
 * What browsers keep for us and bring back.
 *
 * @param tickets while somebody logs in
 * @param sessions from then on
 */
record BrowserState(Tickets tickets, Sessions sessions) {}
