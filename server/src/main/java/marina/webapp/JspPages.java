package marina.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the JSP pages of an exploded WAR tell about the level that they were written for. */
final class JspPages {
    private static final Logger LOG = LoggerFactory.getLogger(JspPages.class);

    /** Pages, their fragments and tag files, each also as XML. */
    private static final Pattern PAGE = Pattern.compile(".*\\.(?:jsp|jspf|jspx|tag|tagf|tagx)");

    /** The names that the tag libraries have since JSTL 3.0, which came with Jakarta EE 10. */
    private static final String NEW_NAMES = "jakarta.tags.";

    /** An application has its directives in its first pages; the rest is not worth reading. */
    private static final int ENOUGH = 1_000;

    private JspPages() {}

    /** Whether some page names tag libraries as only EE 10 and later know them. */
    static boolean nameTagsOfEe10(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> PAGE.matcher(file.toString()).matches())
                    .limit(ENOUGH)
                    .anyMatch(JspPages::hasNewNames);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Cannot look into {}", folder, e);
            return false;
        }
    }

    private static boolean hasNewNames(Path page) {
        try {
            // The names are ASCII, whatever the page is written in.
            return Files.readString(page, StandardCharsets.ISO_8859_1).contains(NEW_NAMES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
