package marina.config;

/**
 * The DataSource of a WAR.
 *
 * @param url DATABASE_URL in any of its forms, for example {@code sqlite:data/list.db}; the password in it is a secret
 * @param poolSize the most connections open at once
 * @param jndi the name below {@code java:comp/env}, usually {@code jdbc/default}
 */
public record DatabaseConfig(String url, int poolSize, String jndi) {}
