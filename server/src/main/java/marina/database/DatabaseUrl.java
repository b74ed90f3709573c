package marina.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A DATABASE_URL as JDBC wants it.
 *
 * @param jdbcUrl without user and password, unless the operator wrote a {@code jdbc:} URL with them
 * @param user empty when none is given
 * @param password empty when none is given; a secret
 * @param file the database file, when there is one
 * @param display the URL as it may be shown: the password masked
 */
public record DatabaseUrl(String jdbcUrl, String user, String password, @Nullable Path file, String display) {

    private static final Pattern SOCKET_OF_LIBPQ = Pattern.compile("[?&]host=(/|%2f)");

    private static final String FORMS = "write sqlite:FILE, postgres://user:password@host/name,"
            + " mysql://user:password@host/name, or jdbc:... with its driver in lib/";

    /**
     * Reads any of the forms that operators write.
     *
     * @param url {@code sqlite:FILE}, {@code sqlite3:FILE}, {@code postgres:}, {@code postgresql:}, {@code mysql:},
     *     {@code mariadb:} or {@code jdbc:}
     * @param base relative SQLite files are relative to this
     * @throws IllegalArgumentException naming the allowed forms, never the password
     */
    public static DatabaseUrl parse(String url, Path base) {
        int colon = url.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("DATABASE_URL has no scheme; " + FORMS);
        }
        String scheme = url.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = url.substring(colon + 1);
        return switch (scheme) {
            case "sqlite", "sqlite3" -> sqlite(rest, base);
            case "postgres", "postgresql" -> network("postgresql", rest);
            case "mysql", "mariadb" -> network(scheme, rest);
            case "jdbc" -> jdbc(url, base);
            default -> throw new IllegalArgumentException(
                    "DATABASE_URL has the scheme \"" + scheme + "\", which is none of a database; " + FORMS);
        };
    }

    /** Whether this is SQLite, which gets its pragmas by {@link SqliteSettings}. */
    public boolean isSqlite() {
        return jdbcUrl.startsWith("jdbc:sqlite:");
    }

    /** The masked form: safe in logs. */
    @Override
    public String toString() {
        return display;
    }

    private static DatabaseUrl jdbc(String url, Path base) {
        String sqlite = "jdbc:sqlite:";
        if (url.startsWith(sqlite) && !url.startsWith("file:", sqlite.length())) {
            return sqlite(url.substring(sqlite.length()), base);
        }
        return new DatabaseUrl(url, "", "", null, mask(url));
    }

    /** As Rails reads them: {@code sqlite:data/x.db} is relative, {@code sqlite:/x.db} and {@code sqlite:///x.db} are not. */
    private static DatabaseUrl sqlite(String rest, Path base) {
        String location = rest.startsWith("//") ? rest.substring(2) : rest;
        if (location.isEmpty()) {
            throw new IllegalArgumentException("DATABASE_URL names no SQLite file; write e.g. sqlite:data/name.db");
        }
        if (location.startsWith(":memory:")) {
            return new DatabaseUrl("jdbc:sqlite:" + location, "", "", null, "sqlite:" + location);
        }
        int query = location.indexOf('?');
        String name = query < 0 ? location : location.substring(0, query);
        String parameters = query < 0 ? "" : location.substring(query);
        Path file = base.resolve(name).toAbsolutePath().normalize();
        return new DatabaseUrl("jdbc:sqlite:" + file + parameters, "", "", file, "sqlite:" + location);
    }

    private static DatabaseUrl network(String scheme, String rest) {
        if (!rest.startsWith("//")) {
            throw new IllegalArgumentException(
                    "DATABASE_URL has no host; write e.g. " + scheme + "://user:password@host/name");
        }
        String address = rest.substring(2);
        int end = endOfAuthority(address);
        String authority = address.substring(0, end);
        String path = address.substring(end);
        int at = authority.lastIndexOf('@');
        refuseSocket(scheme, authority.substring(at + 1) + path);
        String host = at < 0 ? authority : authority.substring(at + 1);
        String credentials = at < 0 ? "" : authority.substring(0, at);
        int colon = credentials.indexOf(':');
        String user = decode(colon < 0 ? credentials : credentials.substring(0, colon));
        String password = colon < 0 ? "" : decode(credentials.substring(colon + 1));
        String server = host.isEmpty() ? "localhost" : host;
        String shownUser = user.isEmpty() ? "" : user + (password.isEmpty() ? "@" : ":***@");
        return new DatabaseUrl(
                "jdbc:" + scheme + "://" + server + (scheme.equals("postgresql") ? path : socketForMariaDb(path)),
                user,
                password,
                null,
                scheme + "://" + shownUser + server + mask(path));
    }

    /** As libpq writes them: the driver would silently connect to localhost instead. */
    private static void refuseSocket(String scheme, String address) {
        String lower = address.toLowerCase(Locale.ROOT);
        if (scheme.equals("postgresql")
                && (lower.startsWith("%2f") || SOCKET_OF_LIBPQ.matcher(lower).find())) {
            throw new IllegalArgumentException(
                    "DATABASE_URL names a Unix socket, which PostgreSQL's Java driver does not"
                            + " know; write postgres://user:password@localhost/name");
        }
    }

    /** What Ruby and PHP call {@code socket}; the server's name is then of no account. */
    private static String socketForMariaDb(String path) {
        return path.replaceFirst("([?&])(?:socket|unix_socket)=", "$1localSocket=");
    }

    private static int endOfAuthority(String address) {
        int end = address.length();
        for (char stop : new char[] {'/', '?'}) {
            int at = address.indexOf(stop);
            end = at >= 0 && at < end ? at : end;
        }
        return end;
    }

    /** RFC 3986 percent-decoding; a plus sign stays one. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Without the cause, which quotes the password.
            throw new IllegalArgumentException(
                    "DATABASE_URL has a % in its user or password that is not followed by two hex"
                            + " digits; write %25 for a %, %40 for an @, %2F for a /");
        }
    }

    private static String mask(String url) {
        return url.replaceAll("(?i)([a-z_]*(?:password|passwd|pwd|secret|token)[a-z_]*=)[^&;]*", "$1***")
                .replaceAll("//([^/@:]*):[^/@]*@", "//$1:***@")
                .replaceAll("(:thin:[^/@]*)/[^@]*@", "$1/***@");
    }
}
