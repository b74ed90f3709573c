package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and prints {@code admin}. */
final class AdminReader {
    /** What is listened on where nothing is written; {@code off} for nothing. */
    private static final String DEFAULT_LISTEN = "${MARINA_ADMIN_LISTEN:-" + AdminConfig.DEFAULT_ADDRESS + "}";

    private static final String DEFAULT_USERS = "conf/users.yml";
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final long UPLOAD = 1L << 30;

    private AdminReader() {}

    static AdminConfig read(Section s) {
        Directories directories = s.reading().directories();
        PathText paths = s.reading().paths();
        Optional<Path> users = s.value("users", paths::file);
        users.ifPresent(file -> UsersFile.read(file, s.reading()));
        return new AdminConfig(
                listen(s),
                s.value("path", AdminReader::path, ""),
                s.list("hosts", AdminReader::host),
                users.orElse(directories.base().resolve(DEFAULT_USERS)),
                s.value("idle_timeout", AdminReader::idle, IDLE),
                s.section("limits", limits -> limits.value("upload", AdminReader::upload, UPLOAD)));
    }

    private static List<ListenConfig> listen(Section s) {
        if (!s.has("listen")) {
            return byDefault(s);
        }
        List<ListenConfig> addresses = ListenReader.read(s, "listen");
        for (ListenConfig address : addresses) {
            if (address.redirect().enabled()) {
                s.problem("listen", "redirects to https; leave redirect_to_https out, and write tls here");
            }
            if (address.tls().acme().findAny().isPresent()) {
                s.problem(
                        "listen",
                        "has a certificate that Marina orders, which only addresses of the server have; write"
                                + " certificate and key");
            }
            if (!address.isTls() && !address.isUnix() && !isLoopback(address.host())) {
                s.warning(
                        "listen",
                        "sends passwords through the network as they are; add tls: { certificate: …, key: … } to "
                                + address.address() + ", or listen on 127.0.0.1");
            }
        }
        return addresses;
    }

    private static List<ListenConfig> byDefault(Section s) {
        String text = s.scope().resolve(DEFAULT_LISTEN, Set.of()).expand(Map.of());
        if (text.equals("off")) {
            return List.of();
        }
        SourceLocation source = SourceLocation.of("MARINA_ADMIN_LISTEN");
        try {
            return List.of(ListenReader.parse(text, s.reading().directories(), source));
        } catch (BadText e) {
            s.reading().problem(source, "", Secrets.quote(text) + " " + e.getMessage() + "; or off for none");
            return List.of();
        }
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
    }

    private static String path(String text) {
        ContextPath path = Texts.contextPath(text);
        if (path.isRoot()) {
            throw BadText.of("would take every path of the server; write e.g. /marina");
        }
        return path.value();
    }

    private static String host(String text) {
        if (!text.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")) {
            throw BadText.of("is no name of a host; write it without scheme and port, e.g. admin.example.com");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static Duration idle(String text) {
        Duration idle = DurationText.parse(text);
        if (idle.compareTo(Duration.ofMinutes(1)) < 0 || idle.compareTo(Duration.ofDays(7)) > 0) {
            throw BadText.of("is not between 1m and 7d; write e.g. 30m");
        }
        return idle;
    }

    private static long upload(String text) {
        long bytes = SizeText.parse(text);
        if (bytes < 1) {
            throw BadText.of("leaves no room for an archive; write e.g. 1G");
        }
        return bytes;
    }

    /**
     * Prints it.
     *
     * @param listeners as the server prints its own
     */
    static Object dump(AdminConfig admin, Object listeners, DumpText text) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("listen", listeners);
        if (!admin.path().isEmpty()) {
            result.put("path", DumpText.text(admin.path()));
        }
        result.put("hosts", admin.hosts().stream().map(DumpText::text).toList());
        String users = text.path(admin.users());
        if (!users.equals(DEFAULT_USERS)) {
            result.put("users", users);
        }
        result.put("idle_timeout", DurationText.format(admin.idleTimeout()));
        result.put("limits", Map.of("upload", SizeText.format(admin.maxUpload())));
        return result;
    }
}
