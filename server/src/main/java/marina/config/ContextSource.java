package marina.config;

/**
 * A context as somebody wrote it, before anything is merged under it.
 *
 * @param path where it is mounted, base_path included
 * @param location where it begins
 * @param written its own keys
 */
record ContextSource(ContextPath path, SourceLocation location, Value.Mapping written) {}
