package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import org.awaitility.Awaitility;

/**
 * A running Marina, an operator who puts things into its folders, and a record of these things: nobody else may change
 * or delete one of them. The web application answers {@code /do} with its text, what its descriptor says, and when its
 * classes were loaded.
 */
final class DeploymentBed implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String BODY =
            """
            try (InputStream text = getServletContext().getResourceAsStream("/text.txt")) {
                a.getWriter().print(new String(text.readAllBytes()));
            }
            String who = getServletContext().getInitParameter("WHO");
            a.getWriter().print((who == null ? "" : who) + "#" + BORN);
            """;

    private final Path base;
    private final Path scratch;
    private final TestWar war;
    private final MarinaUnderTest marina;
    private final Map<Path, byte[]> mine = new TreeMap<>();
    private int markers;

    DeploymentBed(Path folder) throws IOException {
        base = Files.createDirectories(folder.resolve("base"));
        scratch = Files.createDirectories(folder.resolve("scratch"));
        String source = servlet(BODY)
                .replace("extends HttpServlet {", "extends HttpServlet { static final long BORN = System.nanoTime();");
        war = new TestWar(EeLevel.EE10, scratch)
                .type("app.Do", source)
                .file("WEB-INF/web.xml", "<web-app version=\"6.0\"></web-app>");
        Files.createDirectories(base.resolve("webapps"));
        Files.createDirectories(base.resolve("conf/contexts"));
        MarinaUnderTest.write(base, "site/index.html", "a site");
        marina = MarinaUnderTest.start(base, "");
    }

    MarinaUnderTest marina() {
        return marina;
    }

    /** A file or folder of the instance. */
    Path path(String name) {
        return base.resolve(name);
    }

    /** A place beside the instance. */
    Path outside(String name) {
        return scratch.resolve("outside").resolve(name);
    }

    /** The bytes of a WAR with this text. */
    byte[] bytes(String text) throws IOException {
        return war.file("text.txt", text).bytes();
    }

    /** Puts a WAR with this text somewhere, as a whole. */
    Path war(Path target, String text) throws IOException {
        Files.createDirectories(target.getParent());
        Path packed = war.file("text.txt", text).pack("packed.war");
        Files.move(packed, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return note(target);
    }

    /** Puts an exploded WAR somewhere. */
    Path folder(Path target, String text) throws IOException {
        war.file("text.txt", text).explode(target.toString());
        return noteAll(target);
    }

    /** Writes a file. */
    Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return note(file);
    }

    /** Deletes a file, or a folder with all that is in it. */
    void delete(Path gone) throws IOException {
        try (Stream<Path> all = Files.walk(gone)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
                mine.remove(one);
            }
        }
    }

    /** Remembers a file as it is now. */
    Path note(Path file) throws IOException {
        mine.put(file, Files.readAllBytes(file));
        return file;
    }

    /** It has another name now. */
    void forget(Path file) {
        mine.remove(file);
    }

    Path noteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.filter(Files::isRegularFile).toList()) {
                note(one);
            }
        }
        return folder;
    }

    /** What the application of a context tells: text and descriptor, or the status. */
    String text(String context) {
        return ask(context)[0];
    }

    /** When the classes of the application of a context were loaded; tells one generation from the next. */
    String born(String context) {
        String[] answer = ask(context);
        return answer.length > 1 ? answer[1] : "";
    }

    void awaitText(String context, String text) {
        Awaitility.await(context + " answers " + text).atMost(PATIENCE).until(() -> text(context), text::equals);
    }

    /** Waits until everything that lies there now has been read. */
    void awaitReload() throws IOException {
        String marker = "marker" + ++markers;
        write(path("conf/contexts/" + marker + ".yml"), "files: site\n");
        Awaitility.await("a reload")
                .atMost(PATIENCE)
                .until(() -> marina.get("/" + marker + "/").body().equals("a site"));
    }

    /** Everything that the operator has put there is there, byte for byte. */
    void assertNothingOfTheOperatorWasTouched() {
        assertThat(mine).allSatisfy((file, content) -> assertThat(file).hasBinaryContent(content));
    }

    private String[] ask(String context) {
        HttpResponse<String> answer = marina.get(context + "/do");
        List<String> parts = Arrays.asList(answer.body().split("#"));
        return answer.statusCode() == 200
                ? parts.toArray(String[]::new)
                : new String[] {Integer.toString(answer.statusCode())};
    }

    @Override
    public void close() {
        marina.close();
        assertNothingOfTheOperatorWasTouched();
    }
}
