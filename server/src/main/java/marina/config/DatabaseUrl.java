package marina.config;

import java.util.List;

/** Checks the form of a {@code DATABASE_URL}; whether the database answers shows when the pool is opened. */
final class DatabaseUrl {
    private static final List<String> SCHEMES =
            List.of("sqlite:", "sqlite3:", "postgres://", "postgresql://", "mysql://", "mariadb://", "jdbc:");

    private DatabaseUrl() {}

    /** A parser whose message names the context. */
    static TextParser<String> of(ContextPath context) {
        return text -> {
            boolean known =
                    SCHEMES.stream().anyMatch(scheme -> text.startsWith(scheme) && text.length() > scheme.length());
            if (!known) {
                throw BadText.of("is no database of context " + context + "; write sqlite:FILE, sqlite3:FILE,"
                        + " postgres://user:password@host/name, postgresql://…, mysql://… or jdbc:…");
            }
            return text;
        };
    }

    /** Whether it names a SQLite file, which can be copied. */
    static boolean isSqliteFile(String url) {
        String text = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        String file = text.substring(text.indexOf(':') + 1);
        boolean sqlite = text.startsWith("sqlite:") || text.startsWith("sqlite3:");
        return sqlite && !file.isEmpty() && !file.startsWith(":memory:") && !file.startsWith("file:");
    }

    /**
     * The database of a context that names none: a file of its own. The name keeps its slashes, because with another
     * character in their place two contexts such as {@code /a/b} and {@code /a-b} would share their data.
     */
    static String defaultOf(ContextPath context) {
        return "sqlite:data/" + context.name() + ".db";
    }
}
