package example.gameserver;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Turns a request into the WebSocket of the arena. A browser tells which site's page asks; another site's is refused, because
 * it would play, and speak, in the name of a user who is logged in here.
 */
public final class LiveServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Arena arena = GameStart.arena(getServletContext());
        // Over HTTP/2 the handshake is a CONNECT without Upgrade, RFC 8441.
        boolean handshake = request.getMethod().equals("CONNECT")
                || (request.getMethod().equals("GET") && "websocket".equalsIgnoreCase(request.getHeader("Upgrade")));
        if (arena == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (!handshake) {
            response.setHeader("Upgrade", "websocket");
            response.sendError(426);
        } else if (!isOwn(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        } else {
            upgrade(request, response, arena);
        }
    }

    private void upgrade(HttpServletRequest request, HttpServletResponse response, Arena arena)
            throws ServletException, IOException {
        ServerContainer container =
                (ServerContainer) getServletContext().getAttribute("jakarta.websocket.server.ServerContainer");
        try {
            container.upgradeHttpToWebSocket(
                    request,
                    response,
                    ServerEndpointConfig.Builder.create(LiveEndpoint.class, request.getServletPath())
                            .configurator(new Seats(arena))
                            .build(),
                    Map.of());
        } catch (DeploymentException e) {
            throw new ServletException(e);
        }
    }

    private static boolean isOwn(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null || authority(origin).equalsIgnoreCase(request.getHeader("Host"));
    }

    private static String authority(String origin) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** An endpoint of its own for each player, and no compression: it costs memory, and pictures are small. */
    private static final class Seats extends ServerEndpointConfig.Configurator {
        private final Arena arena;

        Seats(Arena arena) {
            this.arena = arena;
        }

        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new LiveEndpoint(arena));
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return List.of();
        }
    }
}
