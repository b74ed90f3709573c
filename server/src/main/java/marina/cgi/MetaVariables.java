package marina.cgi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import marina.proxy.ClientFields;
import marina.proxy.RequestId;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * What a script learns of its request through its environment (RFC 3875 section 4.1). Fields of the client come in as HTTP_*,
 * but for those of the connection, those that speak of the client's identity, those whose name could be taken for another's,
 * and Proxy, which many programs would use as their own proxy (CVE-2016-5385). Pure.
 */
final class MetaVariables {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9-]+");

    /** They have variables of their own, are none of the script's business, or have been dealt with. */
    private static final Set<String> LEFT_OUT =
            Set.of("authorization", "content-length", "content-type", "expect", "x-request-id");

    private MetaVariables() {}

    /**
     * The variables of a request.
     *
     * @param scriptName the part of the canonical path that names the script
     * @param length of the body in bytes, 0 for none
     */
    static Map<String, String> of(Request request, String scriptName, long length) {
        Map<String, String> variables = new HashMap<>();
        putFields(variables, request);
        String address = withoutBrackets(Request.getRemoteAddr(request));
        HttpFields fields = request.getHeaders();
        variables.put("GATEWAY_INTERFACE", "CGI/1.1");
        variables.put("SERVER_SOFTWARE", "Marina");
        variables.put("SERVER_PROTOCOL", request.getConnectionMetaData().getProtocol());
        variables.put("SERVER_NAME", Request.getServerName(request));
        variables.put("SERVER_PORT", Integer.toString(Request.getServerPort(request)));
        variables.put("REQUEST_METHOD", request.getMethod());
        variables.put("REQUEST_URI", request.getHttpURI().getPathQuery());
        variables.put("REQUEST_SCHEME", request.isSecure() ? "https" : "http");
        variables.put("QUERY_STRING", orEmpty(request.getHttpURI().getQuery()));
        variables.put("SCRIPT_NAME", URIUtil.decodePath(scriptName));
        variables.put("PATH_INFO", pathInfo(request, scriptName));
        variables.put("REMOTE_ADDR", address);
        variables.put("REMOTE_HOST", address);
        variables.put("REQUEST_ID", RequestId.of(fields.get(RequestId.FIELD)));
        if (length > 0) {
            variables.put("CONTENT_LENGTH", Long.toString(length));
        }
        String type = fields.get(HttpHeader.CONTENT_TYPE);
        if (type != null) {
            variables.put("CONTENT_TYPE", text(type));
        }
        if (request.isSecure()) {
            variables.put("HTTPS", "on");
        }
        Principal user = Request.getAuthenticationState(request).getUserPrincipal();
        if (user != null && user.getName() != null) {
            variables.put("AUTH_TYPE", "Basic");
            variables.put("REMOTE_USER", user.getName());
        }
        return variables;
    }

    /** What comes behind the script's name, decoded. */
    private static String pathInfo(Request request, String scriptName) {
        String path = orEmpty(Request.getPathInContext(request));
        return path.length() > scriptName.length() ? URIUtil.decodePath(path.substring(scriptName.length())) : "";
    }

    /** Whether the path holds an encoded slash, which no script could tell from a plain one (RFC 3875 section 4.1.5). */
    static boolean isAmbiguous(Request request) {
        return orEmpty(Request.getPathInContext(request)).contains("%2F");
    }

    private static void putFields(Map<String, String> variables, Request request) {
        for (HttpField field : ClientFields.endToEnd(request.getHeaders())) {
            String name = field.getName();
            if (PLAIN_NAME.matcher(name).matches() && !LEFT_OUT.contains(field.getLowerCaseName())) {
                String separator = field.getHeader() == HttpHeader.COOKIE ? "; " : ", ";
                variables.merge(
                        "HTTP_" + name.replace('-', '_').toUpperCase(Locale.ENGLISH),
                        text(orEmpty(field.getValue())),
                        (one, other) -> one + separator + other);
            }
        }
        String host = request.getHeaders().get(HttpHeader.HOST);
        String authority = host == null ? request.getHttpURI().getAuthority() : host;
        if (authority != null) {
            variables.put("HTTP_HOST", authority);
        }
    }

    /** Jetty reads fields as ISO 8859-1; the script is to see the bytes that were sent, which mostly are UTF-8. */
    private static String text(String value) {
        if (value.chars().allMatch(c -> c < 0x80) || value.chars().anyMatch(c -> c > 0xff)) {
            return value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return value;
        }
    }

    private static String withoutBrackets(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
