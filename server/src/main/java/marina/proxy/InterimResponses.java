package marina.proxy;

import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Handles 1xx answers of a backend: 100 lets the body of the request flow, the others go to the client. Jetty's own
 * handler of 100 is not used because it buffers a final answer that comes in place of 100.
 */
final class InterimResponses implements ProtocolHandler {

    @Override
    public String getName() {
        return "interim";
    }

    @Override
    public boolean accept(Request request, Response response) {
        int status = response.getStatus();
        return HttpStatus.isInformational(status) && status != HttpStatus.SWITCHING_PROTOCOLS_101;
    }

    @Override
    public Response.Listener getResponseListener() {
        return new Response.Listener() {
            @Override
            public void onSuccess(Response response) {
                relay(response);
            }

            @Override
            public void onFailure(Response response, Throwable failure) {
                HttpConversation conversation = conversation(response);
                HttpExchange exchange = conversation.getExchanges().peekLast();
                conversation.updateResponseListeners(null);
                exchange.getResponseListeners()
                        .emitFailureComplete(
                                new Result(exchange.getRequest(), exchange.getRequestFailure(), response, failure));
            }
        };
    }

    private static HttpConversation conversation(Response response) {
        return ((HttpRequest) response.getRequest()).getConversation();
    }

    private static void relay(Response response) {
        int status = response.getStatus();
        HttpFields headers = HttpFields.build(response.getHeaders()).asImmutable();
        HttpConversation conversation = conversation(response);
        HttpExchange exchange = conversation.getExchanges().peekLast();
        // What follows is another answer to the same request.
        conversation.updateResponseListeners(null);
        exchange.resetResponse();
        if (status == HttpStatus.CONTINUE_100) {
            exchange.proceed(null, null);
        } else if (response.getRequest() instanceof BackendRequest request) {
            request.interimResponse(status, headers);
        }
    }
}
