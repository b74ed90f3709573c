package marina.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code listen}: a port, {@code host:port}, {@code unix:path}, a mapping, or a list of these. */
final class ListenReader {
    private static final String UNIX = "unix:";

    /** sun_path of sockaddr_un(7), with its zero byte, on the systems that have the least. */
    private static final int LONGEST_SOCKET_PATH = 103;

    private ListenReader() {}

    static List<ListenConfig> read(Section s, String key) {
        List<ListenConfig> result = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Value item : s.items(key)) {
            Optional<ListenConfig> listener = item instanceof Value.Mapping mapping
                    ? Section.read(mapping, s.scope(), s.reading(), ListenReader::listener)
                    : s.parse(item, text -> parse(text, s.reading().directories(), item.location()));
            listener.ifPresent(one -> {
                boolean chosen = one.port() != 0 || one.isUnix();
                if (chosen && !taken.add(one.address())) {
                    s.reading()
                            .problem(
                                    item,
                                    one.address() + " is listed twice; keep one of them"
                                            + (one.isTls() ? ", several certificates make a list at its tls" : ""));
                }
                result.add(one);
            });
        }
        checkRedirects(s, key, result);
        return result;
    }

    private static void checkRedirects(Section s, String key, List<ListenConfig> listeners) {
        boolean noTls = s.items(key).stream()
                .noneMatch(item -> item instanceof Value.Mapping mapping
                        && mapping.entries().containsKey("tls"));
        for (ListenConfig listener : listeners) {
            if (listener.redirect().enabled() && listener.redirect().port() == 0 && noTls) {
                s.reading()
                        .problem(
                                listener.source(),
                                key + ".redirect_to_https",
                                "needs a listener with tls, or the port where clients find https, e.g."
                                        + " redirect_to_https: 443");
            }
        }
    }

    private static Optional<ListenConfig> listener(Section s) {
        Optional<Integer> port = s.value("port", text -> Texts.number(text, 0, 65_535));
        String host = s.text("host", "");
        SourceLocation source = s.mapping().location();
        Directories directories = s.reading().directories();
        Optional<ListenConfig> socket = s.value("socket", text -> parse(UNIX + text, directories, source));
        int mode = s.value("mode", ListenReader::mode, ListenConfig.DEFAULT_MODE);
        TlsConfig tls = new TlsConfig(s.sections("tls", TlsReader::certificate));
        boolean proxyProtocol = s.flag("proxy_protocol", false);
        RedirectConfig redirect = s.value("redirect_to_https", ListenReader::redirect, RedirectConfig.NONE);
        if (s.has("port") == s.has("socket")) {
            s.problem("socket", "needs either port or socket, e.g. port: 8080");
        }
        if (s.has("mode") && s.has("port")) {
            s.problem("mode", "has no effect on a port; it is the mode of the file at socket");
        }
        if (redirect.enabled() && s.has("tls")) {
            s.problem("redirect_to_https", "has no effect on a listener with tls; write it at the plain one");
        }
        return socket.map(ListenConfig::socket)
                .or(() -> port.map(number -> ""))
                .map(path -> new ListenConfig(host, port.orElse(0), path, mode, tls, proxyProtocol, redirect, source));
    }

    static ListenConfig parse(String text, Directories directories, SourceLocation source) {
        if (text.startsWith(UNIX)) {
            return ListenConfig.unix(socket(text.substring(UNIX.length()), directories), source);
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

    private static String socket(String text, Directories directories) {
        Path path = new PathText(directories.base(), new Outside()).any(text);
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
            throw BadText.of("is too long for a Unix socket (" + path + "), which may have " + LONGEST_SOCKET_PATH
                    + " bytes; choose a shorter path, e.g. below /run");
        }
        return text;
    }

    private static int mode(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw BadText.of("is no mode of a file; write three octal digits, e.g. 660");
        }
        return Integer.parseInt(text, 8);
    }

    private static RedirectConfig redirect(String text) {
        if (text.matches("\\d+")) {
            return new RedirectConfig(true, Texts.number(text, 1, 65_535));
        }
        return Texts.flag(text) ? new RedirectConfig(true, 0) : RedirectConfig.NONE;
    }
}
