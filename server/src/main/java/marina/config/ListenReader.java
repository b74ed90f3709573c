package marina.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code listen}: a port, {@code host:port}, {@code unix:path}, a mapping, or a list of these. */
final class ListenReader {
    private static final String UNIX = "unix:";

    private ListenReader() {}

    static List<ListenConfig> read(Section s, String key) {
        List<ListenConfig> result = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Value item : s.items(key)) {
            Optional<ListenConfig> listener = item instanceof Value.Mapping mapping
                    ? Section.read(mapping, s.scope(), s.reading(), ListenReader::listener)
                    : s.parse(item, text -> parse(text, item.location()));
            listener.ifPresent(one -> {
                boolean chosen = one.port() != 0 || !one.socket().isEmpty();
                if (chosen && !taken.add(format(one))) {
                    s.reading().problem(item, format(one) + " is listed twice; keep one of them");
                }
                result.add(one);
            });
        }
        return result;
    }

    private static Optional<ListenConfig> listener(Section s) {
        Optional<Integer> port = s.value("port", text -> Texts.number(text, 0, 65_535));
        String host = s.text("host", "");
        SourceLocation source = s.mapping().location();
        Optional<ListenConfig> socket = s.value("socket", text -> parse(UNIX + text, source));
        TlsConfig tls = s.has("tls") ? s.section("tls", ListenReader::tls) : TlsConfig.NONE;
        if (s.has("port") == s.has("socket")) {
            s.problem("socket", "needs either port or socket, e.g. port: 8080");
        }
        return socket.map(one -> new ListenConfig("", 0, one.socket(), tls, source))
                .or(() -> port.map(number -> new ListenConfig(host, number, "", tls, source)));
    }

    private static TlsConfig tls(Section s) {
        PathText paths = new PathText(s.reading().directories().base());
        return new TlsConfig(required(s, "certificate", paths), required(s, "key", paths));
    }

    private static Path required(Section s, String key, PathText paths) {
        if (!s.has(key)) {
            s.problem(key, "needs " + key + ", the path of a PEM file");
        }
        return s.value(key, paths::file, Path.of(""));
    }

    private static ListenConfig parse(String text, SourceLocation source) {
        if (text.startsWith(UNIX)) {
            return new ListenConfig("", 0, Texts.notEmpty(text.substring(UNIX.length())), TlsConfig.NONE, source);
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String port = text.substring(colon + 1);
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535 || (host.contains(":") && !bracketed)) {
            throw BadText.of("is no address to listen on; write a port from 0 to 65535, host:port or unix:path,"
                    + " e.g. 8080 or 127.0.0.1:8080");
        }
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        return new ListenConfig(bare, Integer.parseInt(port), source);
    }

    /** The address as {@link #parse} reads it. */
    static String format(ListenConfig listener) {
        if (!listener.socket().isEmpty()) {
            return UNIX + listener.socket();
        }
        String host = listener.host().contains(":") ? "[" + listener.host() + "]" : listener.host();
        return host.isEmpty() ? Integer.toString(listener.port()) : host + ":" + listener.port();
    }
}
