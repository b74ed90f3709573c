package marina.backend;

/**
 * Whose process something is, for messages.
 *
 * @param context its path
 * @param source where the operator wrote it
 * @param program what runs, as the operator wrote it and without secrets: {@code command "bin/rails server"}
 */
public record ProcessOwner(String context, String source, String program) {}
