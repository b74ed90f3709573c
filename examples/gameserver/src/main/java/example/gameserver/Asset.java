package example.gameserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A text file that pages load: style, script, drawing. Its address carries the hash of its content, so that browsers may keep
 * it for ever and still see a new one at once.
 */
record Asset(String name, String type, String content, String hash) {
    private static final Map<String, Asset> ALL = Stream.of(
                    load("base.css", "text/css"),
                    load("game.css", "text/css"),
                    load("arena.js", "text/javascript"),
                    load("connection.js", "text/javascript"),
                    load("game.js", "text/javascript"),
                    load("mark.svg", "image/svg+xml"))
            .collect(Collectors.toUnmodifiableMap(Asset::name, Function.identity()));

    static Optional<Asset> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /** The address to use in a page of this context path. */
    static String url(String contextPath, String name) {
        Asset asset = named(name).orElseThrow(() -> new IllegalArgumentException("no asset " + name));
        return contextPath + "/assets/" + name + "?v=" + asset.hash;
    }

    private static Asset load(String name, String type) {
        try (InputStream in = Objects.requireNonNull(Asset.class.getResourceAsStream(name), name)) {
            byte[] content = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new Asset(
                    name, type, new String(content, UTF_8), HexFormat.of().formatHex(digest, 0, 8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
