package marina.valve;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Name and password of Basic authentication (RFC 7617). Its text shows neither. */
record BasicCredentials(String user, String password) {
    private static final String SCHEME = "Basic ";

    /** Those of a request; null when it has none, or none that can be read. */
    static @Nullable BasicCredentials of(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String text;
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
            text = decode(bytes);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = text.indexOf(':');
        return colon <= 0 ? null : new BasicCredentials(text.substring(0, colon).strip(), text.substring(colon + 1));
    }

    /** UTF-8 is what we ask for; old clients send Latin-1 all the same. */
    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public String toString() {
        return "credentials";
    }
}
