package marina.simulator.edge;

import java.util.Map;
import marina.simulator.edge.RoutedRequest.Arrival;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Takes requests at all entrances. Each has a thread while it is in flight: this is a tool, not a server. */
final class EdgeHandler extends Handler.Abstract {

    private final EdgeServices edge;
    private final Map<String, Entrance> entrances;
    private final RequestIds ids = new RequestIds();

    /**
     * @param entrances by the names of their connectors
     */
    EdgeHandler(EdgeServices edge, Map<String, Entrance> entrances) {
        this.edge = edge;
        this.entrances = Map.copyOf(entrances);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Entrance entrance =
                entrances.get(request.getConnectionMetaData().getConnector().getName());
        if (entrance == null) {
            return false;
        }
        String said = request.getHeaders().get(RequestHead.FROM);
        String region = said != null && edge.fleet().topology().regions().has(said)
                ? said
                : edge.fleet().topology().from();
        String id = ids.next(region);
        RequestHead head =
                new RequestHead(request, entrance, region, id, edge.fleet().flycast(entrance.app()));
        ClientBody body = new ClientBody(
                Content.Source.asInputStream(request),
                length(request.getHeaders()),
                edge.fleet().topology().replayLimit());
        new RoutedRequest(
                        edge,
                        entrance,
                        new Arrival(region, id),
                        head,
                        body,
                        new Answer(request, response, callback, id),
                        getServer().getThreadPool())
                .run();
        return true;
    }

    private static long length(HttpFields fields) {
        if (fields.contains(HttpHeader.TRANSFER_ENCODING)) {
            return -1;
        }
        return Math.max(0, fields.getLongField(HttpHeader.CONTENT_LENGTH));
    }
}
