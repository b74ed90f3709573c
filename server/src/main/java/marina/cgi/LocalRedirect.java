package marina.cgi;

import marina.proxy.CanonicalPath;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request that a script has sent to another path of this server (RFC 3875 section 6.2.2): a GET, or a HEAD if it was one,
 * without a body, which the script has had.
 */
final class LocalRedirect extends Request.Wrapper {
    /** A script that sends to itself must not do so for ever. */
    private static final int MOST = 10;

    private static final String COUNT = LocalRedirect.class.getName();

    private final HttpURI uri;
    private final HttpFields fields;

    private LocalRedirect(Request request, HttpURI uri) {
        super(request);
        this.uri = uri;
        HttpFields.Mutable kept = HttpFields.build();
        for (HttpField field : request.getHeaders()) {
            HttpHeader known = field.getHeader();
            boolean ofBody = field.getLowerCaseName().startsWith("content-")
                    || known == HttpHeader.TRANSFER_ENCODING
                    || known == HttpHeader.EXPECT;
            if (!ofBody) {
                kept.add(field);
            }
        }
        this.fields = kept.asImmutable();
    }

    /**
     * The request for the other path.
     *
     * @throws BadHeadException when it is no path of a request, or has been sent on too often
     */
    static Request of(Request request, String pathQuery) throws BadHeadException {
        int count = request.getAttribute(COUNT) instanceof Integer before ? before + 1 : 1;
        if (count > MOST) {
            throw new BadHeadException("its Location has sent one request on for the " + count + "th time");
        }
        request.setAttribute(COUNT, count);
        try {
            HttpURI target =
                    HttpURI.build(request.getHttpURI()).pathQuery(pathQuery).asImmutable();
            return new LocalRedirect(request, CanonicalPath.of(target));
        } catch (RuntimeException e) {
            throw new BadHeadException("its Location is no path of this server: " + e.getMessage());
        }
    }

    @Override
    public String getMethod() {
        return HttpMethod.HEAD.is(super.getMethod()) ? HttpMethod.HEAD.asString() : HttpMethod.GET.asString();
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }

    @Override
    public HttpFields getHeaders() {
        return fields;
    }

    @Override
    public long getLength() {
        return 0;
    }

    @Override
    public Content.Chunk read() {
        return Content.Chunk.EOF;
    }

    @Override
    public void demand(Runnable demandCallback) {
        demandCallback.run();
    }

    @Override
    public @Nullable HttpFields getTrailers() {
        return null;
    }
}
