package marina.config;

import java.util.List;

/** Checks the form of a {@code DATABASE_URL}; whether the database answers shows when the pool is opened. */
final class DatabaseUrl {
    private static final List<String> SCHEMES =
            List.of("sqlite:", "sqlite3:", "postgres://", "postgresql://", "mysql://", "jdbc:");

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

    /**
     * The database of a context that names none: a file of its own. The name keeps its slashes, because with another
     * character in their place two contexts such as {@code /a/b} and {@code /a-b} would share their data.
     */
    static String defaultOf(ContextPath context) {
        return "sqlite:data/" + context.name() + ".db";
    }
}
