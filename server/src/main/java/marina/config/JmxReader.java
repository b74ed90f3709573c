package marina.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and prints {@code jmx}. */
final class JmxReader {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int LAST_PORT = 65_535;

    private JmxReader() {}

    static JmxConfig read(Section s) {
        PathText paths = s.reading().paths();
        Path absent = Path.of("");
        Path users = s.value("users", paths::file, absent);
        JmxConfig jmx = new JmxConfig(
                s.number("port", 0, LAST_PORT, 0),
                s.value("host", Texts::notEmpty, LOOPBACK),
                users.equals(absent) ? UsersConfig.NONE : UsersConfig.of(users),
                s.has("tls") ? s.section("tls", tls -> TlsReader.files(tls, "")) : Optional.empty());
        check(s, jmx);
        return jmx;
    }

    private static void check(Section s, JmxConfig jmx) {
        for (String key : List.of("host", "users", "tls")) {
            if (!jmx.enabled() && s.has(key)) {
                s.problem(key, "has no effect without a port; write e.g. port: 9010");
            }
        }
        if (!jmx.users().isEmpty()) {
            UsersFile.read(jmx.users().yaml(), s.reading());
        }
        if (!jmx.enabled() || isLoopback(jmx.host())) {
            return;
        }
        if (!s.has("users")) {
            s.problem(
                    "host",
                    Secrets.quote(jmx.host())
                            + " is reached by others, who could run what they like; say who may connect, e.g. users:"
                            + " conf/users.yml, or listen on 127.0.0.1");
        }
        if (jmx.tls().isEmpty() && !s.has("tls")) {
            s.warning(
                    "host",
                    "is reached by others, who can read passwords on their way; write tls: { certificate, key }");
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    static Map<String, Object> dump(JmxConfig jmx, DumpText text) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("port", jmx.port());
        if (jmx.enabled()) {
            result.put("host", DumpText.text(jmx.host()));
        }
        if (!jmx.users().isEmpty()) {
            result.put("users", text.path(jmx.users().yaml()));
        }
        jmx.tls()
                .ifPresent(files -> result.put(
                        "tls", Map.of("certificate", text.path(files.certificate()), "key", text.path(files.key()))));
        return result;
    }
}
