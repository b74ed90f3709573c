package example.welcome;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the page tells about one context; anything that the server does not publish is empty.
 *
 * @param path {@code /} or {@code /sam/list1}
 * @param kind war, command, upstream, files or cgi
 * @param description one line about its content
 * @param state the state's name, as in READY
 * @param pid of its process
 * @param requests served since the server started
 */
record MountedContext(
        String path,
        Optional<String> kind,
        Optional<String> description,
        Optional<String> state,
        OptionalLong pid,
        OptionalLong requests) {}
