package marina.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What a route does. In its templates the names {@code 1} to {@code 9} are the groups of the route's pattern. */
public sealed interface RouteAction {

    /** Calls the case that fits: the exhaustive switch that Java 17 does not have over sealed types. */
    <T> T fold(Cases<T> cases);

    /**
     * One function for each action.
     *
     * @param <T> what each case yields
     */
    record Cases<T>(
            Function<Redirect, T> redirect,
            Function<Rewrite, T> rewrite,
            Function<Upstream, T> upstream,
            Function<Replay, T> replay,
            Function<Cgi, T> cgi) {}

    /**
     * Sends the client elsewhere.
     *
     * @param location path or URL
     * @param status 301, 302, 303, 307 or 308
     */
    record Redirect(Template location, int status) implements RouteAction {
        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.redirect().apply(this);
        }
    }

    /**
     * Goes on with another path.
     *
     * @param path the new path
     */
    record Rewrite(Template path) implements RouteAction {
        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.rewrite().apply(this);
        }
    }

    /**
     * Lets another server answer.
     *
     * @param url where; no name stands in its scheme, host or port
     * @param headers fields of the request and of the answer
     * @param timeouts how long to wait for it
     * @param preflight whether OPTIONS is answered in its place, with the fields of answers alone
     */
    record Upstream(Template url, HeadersConfig headers, TrafficConfig.Timeouts timeouts, boolean preflight)
            implements RouteAction {
        /** Scheme, host and port. */
        public URI origin() {
            String start = url.literals().get(0);
            return URI.create(start.substring(0, RouteUrl.endOfAuthority(start)));
        }

        /** Path and query; empty when the path of the request is to be asked for as it is. */
        public Optional<Template> path() {
            Template path =
                    RouteUrl.pathOf(url, RouteUrl.endOfAuthority(url.literals().get(0)));
            return path.equals(Template.literal("")) ? Optional.empty() : Optional.of(path);
        }

        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.upstream().apply(this);
        }
    }

    /**
     * Lets another machine of the fleet answer.
     *
     * @param app empty for this one
     * @param region empty for any
     * @param machine empty for any
     * @param timeout how long it may take to get there; zero for what the fleet says
     * @param cache whether Fly's proxy may remember it
     */
    record Replay(String app, String region, String machine, Duration timeout, ReplayCache cache)
            implements RouteAction {
        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.replay().apply(this);
        }
    }

    /**
     * What Fly's proxy remembers, so that it need not ask with each request.
     *
     * @param prefix the paths, with a star at the end; empty for none
     * @param ttl for how long
     * @param bypass whether clients may have it ask
     */
    record ReplayCache(String prefix, Duration ttl, boolean bypass) {
        /** Nothing. */
        public static final ReplayCache NONE = new ReplayCache("", Duration.ZERO, false);

        /** Whether something is remembered. */
        public boolean isEnabled() {
            return !prefix.isEmpty();
        }
    }

    /**
     * Runs a script.
     *
     * @param cgi the script
     */
    record Cgi(Content.Cgi cgi) implements RouteAction {
        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.cgi().apply(this);
        }
    }
}
