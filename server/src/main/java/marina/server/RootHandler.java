package marina.server;

import java.util.function.Supplier;
import marina.config.HealthConfig;
import marina.context.StatusPages;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What every request passes first: the health check, the refusal of TRACE, and then the pipeline. Blocks nowhere; contexts
 * that may block move to the thread pool themselves.
 */
final class RootHandler extends Handler.Abstract.NonBlocking {
    private final Supplier<HealthConfig> health;
    private final Pipeline pipeline;
    private final StatusPages pages;

    RootHandler(Supplier<HealthConfig> health, Pipeline pipeline, StatusPages pages) {
        this.health = health;
        this.pipeline = pipeline;
        this.pages = pages;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HealthConfig check = health.get();
        if (!check.path().isEmpty() && check.path().equals(request.getHttpURI().getCanonicalPath())) {
            answerHealth(check, response, callback);
            return true;
        }
        if (HttpMethod.TRACE.is(request.getMethod())) {
            pages.error(405, request, response, callback);
            return true;
        }
        return pipeline.handle(request, response, callback);
    }

    private static void answerHealth(HealthConfig check, Response response, Callback callback) {
        response.setStatus(check.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, check.body(), callback);
    }
}
