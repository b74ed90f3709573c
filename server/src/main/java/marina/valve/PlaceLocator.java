package marina.valve;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import marina.config.ContextPath;
import marina.config.FleetConfig;
import marina.fleet.Here;
import marina.fleet.Place;
import marina.fleet.Placement;
import marina.fleet.Placements;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a request belongs. Where its context lives somewhere, that is all that counts; else the client may say: by the
 * host, a query parameter, a cookie, the page that it comes from. Only places that the configuration knows are believed.
 * Thread-safe.
 */
public final class PlaceLocator {
    private static final String FETCH_MODE = "Sec-Fetch-Mode";

    private final Placements placements;
    private final List<FleetConfig.LocateRule> rules;
    private final String cookie;
    private final String cookiePath;

    PlaceLocator(Placements placements, FleetConfig fleet, ContextPath basePath) {
        this.placements = placements;
        this.rules = fleet.locate();
        this.cookie = fleet.cookie();
        this.cookiePath = URIUtil.encodePath(basePath.value());
    }

    /**
     * Where a request belongs; null for anywhere.
     *
     * @param context of its path
     * @param contexts finds the context of a canonical path
     */
    public ReplayValve.@Nullable Wanted locate(
            ContextPath context, Request request, Function<String, Optional<ContextPath>> contexts) {
        Placement own = placements.of(context);
        if (own != null) {
            return ReplayValve.Wanted.of(own, false);
        }
        for (FleetConfig.LocateRule rule : rules) {
            Placement hint =
                    switch (rule.from()) {
                        case PATH -> null;
                        case HOST -> byHost(request);
                        case QUERY -> byQuery(rule.name(), request);
                        case COOKIE -> byCookie(rule.name(), request, contexts);
                        case REFERER -> navigates(request) ? null : byReferer(request, contexts);
                    };
            if (hint != null) {
                return ReplayValve.Wanted.of(hint, true);
            }
        }
        return null;
    }

    private @Nullable Placement named(String token) {
        Place place = placements.named(token);
        return place == null ? null : Placement.of(place);
    }

    private @Nullable Placement byHost(Request request) {
        String host = Request.getServerName(request);
        int dot = host == null ? -1 : host.indexOf('.');
        return host == null || dot <= 0 ? null : named(host.substring(0, dot));
    }

    private @Nullable Placement byQuery(String name, Request request) {
        String query = request.getHttpURI().getQuery();
        if (query == null || !query.contains(name)) {
            return null;
        }
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return named(decoded(pair.substring(name.length() + 1)));
            }
        }
        return null;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Of a page that lives anywhere, nothing follows the cookie of another page; nor does a page itself. */
    private @Nullable Placement byCookie(
            String name, Request request, Function<String, Optional<ContextPath>> contexts) {
        String value = cookie(name, request);
        if (value == null) {
            return null;
        }
        if (!Arrivals.isUpgrade(request)) {
            if (navigates(request)) {
                return null;
            }
            String page = refererPath(request);
            if (page != null) {
                return byReferer(request, contexts);
            }
        }
        return named(value);
    }

    private @Nullable Placement byReferer(Request request, Function<String, Optional<ContextPath>> contexts) {
        String page = refererPath(request);
        return page == null ? null : contexts.apply(page).map(placements::of).orElse(null);
    }

    /** The path of the page that asks, if it is one of this host. */
    private static @Nullable String refererPath(Request request) {
        String referer = request.getHeaders().get(HttpHeader.REFERER);
        if (referer == null) {
            return null;
        }
        try {
            String host = URI.create(referer).getHost();
            boolean own = host != null && host.equalsIgnoreCase(Request.getServerName(request));
            return own ? HttpURI.from(referer).getCanonicalPath() : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String cookie(String name, Request request) {
        HttpFields fields = request.getHeaders();
        HttpField field = fields.getField(HttpHeader.COOKIE);
        if (field == null || field.getValue() == null) {
            return null;
        }
        for (HttpCookie one : Request.getCookies(request)) {
            if (one.getName().equals(name)) {
                return one.getValue();
            }
        }
        return null;
    }

    /** Whether a person goes to a page. */
    private static boolean navigates(Request request) {
        String mode = request.getHeaders().get(FETCH_MODE);
        if (mode != null) {
            return mode.equals("navigate");
        }
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        return HttpMethod.GET.is(request.getMethod()) && accept != null && accept.contains("text/html");
    }

    /** Has a browser remember the place of a page that is answered here, for what it will ask for without saying where. */
    void remember(Placement placement, Here here, Request request, Response response) {
        if (cookie.isEmpty() || Arrivals.isUpgrade(request) || !navigates(request)) {
            return;
        }
        String token = placement.places(false).stream()
                .filter(place -> place.covers(here))
                .map(Place::token)
                .findFirst()
                .orElse("");
        if (!token.isEmpty() && !token.equals(cookie(cookie, request))) {
            response.getHeaders()
                    .add(
                            HttpHeader.SET_COOKIE,
                            cookie + "=" + token + "; Path=" + cookiePath + "; HttpOnly; SameSite=Lax"
                                    + (request.isSecure() ? "; Secure" : ""));
        }
    }
}
