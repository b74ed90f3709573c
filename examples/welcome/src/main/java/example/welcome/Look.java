package example.welcome;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * Style and mark, part of each page: the pages of this context appear at any path, for instance for 404, and one answer
 * must be enough. The policy names the style by its hash, so that nothing else inline is accepted.
 */
final class Look {
    /** The content of the style element. */
    static final String STYLE = "\n" + read("base.css") + read("welcome.css");

    /** The mark as address of an image. */
    static final String MARK = "data:image/svg+xml;base64,"
            + Base64.getEncoder().encodeToString(read("mark.svg").getBytes(StandardCharsets.UTF_8));

    /** The value of Content-Security-Policy. */
    static final String POLICY = "default-src 'none'; style-src 'sha256-" + hash(STYLE)
            + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Look() {}

    private static String read(String name) {
        try (InputStream in = Objects.requireNonNull(Look.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
