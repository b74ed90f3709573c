package marina.it;

import java.nio.file.Path;

/** The applications that the tests run behind Marina: src/test/resources/apps. */
final class Apps {

    /** Where they lie; {@code app.js} misbehaves as its environment says, {@code chat.js} talks. */
    static final Path FOLDER = Path.of("target", "test-classes", "apps").toAbsolutePath();

    private Apps() {}

    /** Keys of a context that runs one of them. */
    static String node(String script) {
        return "command: [node, " + script + "], directory: " + FOLDER;
    }
}
