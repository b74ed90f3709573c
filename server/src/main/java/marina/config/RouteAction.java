package marina.config;

import java.util.Map;

/** What a route does. In its templates the names {@code 1} to {@code 9} are the groups of the route's pattern. */
public sealed interface RouteAction {

    /**
     * Sends the client elsewhere.
     *
     * @param location path or URL
     * @param status 301, 302, 303, 307 or 308
     */
    record Redirect(Template location, int status) implements RouteAction {}

    /**
     * Goes on with another path.
     *
     * @param path the new path
     */
    record Rewrite(Template path) implements RouteAction {}

    /**
     * Lets another server answer.
     *
     * @param url where
     * @param requestHeaders added to the request; may use the name {@code host}
     * @param responseHeaders added to the response
     */
    record Upstream(Template url, Map<String, Template> requestHeaders, Map<String, Template> responseHeaders)
            implements RouteAction {
        /** Copies its maps. */
        public Upstream {
            requestHeaders = Map.copyOf(requestHeaders);
            responseHeaders = Map.copyOf(responseHeaders);
        }
    }

    /**
     * Lets another machine of the fleet answer.
     *
     * @param app empty for this one
     * @param region empty for any
     * @param machine empty for any
     */
    record Replay(String app, String region, String machine) implements RouteAction {}

    /**
     * Runs a script.
     *
     * @param cgi the script
     */
    record Cgi(Content.Cgi cgi) implements RouteAction {}
}
