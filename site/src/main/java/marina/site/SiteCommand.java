package marina.site;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The program: {@code SiteCommand REPOSITORY OUTPUT}. Exit status 1 when a link leads nowhere; each is on standard error. */
public final class SiteCommand {
    private SiteCommand() {}

    /** Makes the site. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("two arguments are needed: the repository and the folder for the site");
        }
        Path output = Path.of(arguments[1]);
        Site site = Site.read(Path.of(arguments[0]));
        List<String> problems = site.problems();
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            throw new IllegalStateException("links that lead nowhere: " + problems.size());
        }
        site.write(output);
        System.out.println(site.pages().size() + " pages: " + output.resolve("index.html"));
    }
}
