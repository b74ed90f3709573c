package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tomcat's rules for names of files and the paths that they are mounted at. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ContextNamesTest {
    /** Each WAR and each folder answers with its own name. */
    private static final List<String> ARCHIVES = List.of(
            "ROOT##01.war",
            "ROOT##02.war",
            "foo.war",
            "foo#bar.war",
            "foo#bar#baz.war",
            "versions##1.war",
            "versions##2.war",
            "versions.war",
            "deep#versions##002.war",
            "deep#versions##010.war",
            "both.war",
            "root.war",
            "a-b_c.d~e.war",
            "v1.2.war",
            "shared.war");

    private static final List<String> FOLDERS =
            List.of("both", "exploded", "exploded#below", "exploded##7", "exploded.war.d", "shared2");

    private static final List<String> DESCRIPTORS =
            List.of("one.yml", "sub/dir.yml", "sub#dir2.yml", "sub/deep#er.yml", "sub/ROOT.yml", "a.b.yml");

    private MarinaUnderTest marina;

    @BeforeAll
    void start(@TempDir Path base) throws IOException {
        Path webapps = Files.createDirectories(base.resolve("webapps"));
        for (String name : ARCHIVES) {
            new TestWar(EeLevel.EE10, webapps).file("name.txt", name).pack(name);
        }
        for (String name : FOLDERS) {
            new TestWar(EeLevel.EE10, webapps)
                    .file("WEB-INF/web.xml", "<web-app version=\"6.0\"></web-app>")
                    .file("name.txt", name)
                    .explode(name);
        }
        for (String name : DESCRIPTORS) {
            MarinaUnderTest.write(base, "sites/" + name + "/name.txt", name);
            MarinaUnderTest.write(base, "conf/contexts/" + name, "files: \"sites/" + name + "\"\n");
        }
        MarinaUnderTest.write(base, "conf/contexts/other/name.yml", "war: shared.war\n");
        marina = MarinaUnderTest.start(base, "");
    }

    @AfterAll
    void stop() {
        marina.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /                | ROOT##02.war
                    /foo/            | foo.war
                    /foo/bar/        | foo#bar.war
                    /foo/bar/baz/    | foo#bar#baz.war
                    /versions/       | versions##2.war
                    /deep/versions/  | deep#versions##010.war
                    /both/           | both.war
                    /root/           | root.war
                    /a-b_c.d~e/      | a-b_c.d~e.war
                    /v1.2/           | v1.2.war
                    /exploded/       | exploded##7
                    /exploded/below/ | exploded#below
                    /exploded.war.d/ | exploded.war.d
                    /one/            | one.yml
                    /sub/dir/        | sub/dir.yml
                    /sub/dir2/       | sub#dir2.yml
                    /sub/deep/er/    | sub/deep#er.yml
                    /sub/ROOT/       | sub/ROOT.yml
                    /a.b/            | a.b.yml
                    /other/name/     | shared.war
                    """)
    void aNameIsAPath(String path, String name) {
        assertThat(marina.get(path + "name.txt").body()).isEqualTo(name);
    }

    @Test
    void anArchiveThatAContextNamesIsNotMountedUnderItsOwnName() {
        assertThat(marina.get("/shared/name.txt").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    webapps/#foo.war             | makes the context path "//foo", which is not a context path
                    webapps/foo#.war             | makes the context path "/foo/", which has a slash at the end; write /foo
                    webapps/foo##bar#baz.war     | -
                    webapps/foo#..#bar.war       | makes the context path "/foo/../bar", which is not a context path
                    webapps/my shop (1).war      | makes the context path "/my shop (1)", which is not a context path
                    webapps/ROOT#foo.war         | -
                    conf/contexts/#foo.yml       | makes the context path "//foo", which is not a context path
                    conf/contexts/foo#.yml       | makes the context path "/foo/", which has a slash at the end; write /foo
                    conf/contexts/my shop.yml    | makes the context path "/my shop", which is not a context path
                    """)
    void aNameThatIsNoPathGetsOneLine(String file, String problem, @TempDir Path base) {
        MarinaUnderTest.write(base, "conf/server.yml", "");
        MarinaUnderTest.write(base, "site/index.html", "");
        MarinaUnderTest.write(base, file, "files: site\n");
        assertThat(problems(base)).hasSize(problem.equals("-") ? 0 : 1).allSatisfy(line -> assertThat(line)
                .startsWith(file + ": its name " + problem)
                .endsWith("; in names of files # stands for /"));
    }

    /** Other contexts may lie at paths with percent escapes. */
    @Test
    void aWarCannotLieBehindPercentSigns(@TempDir Path base) {
        MarinaUnderTest.write(base, "conf/server.yml", "");
        MarinaUnderTest.write(base, "webapps/a%20b.war", "no archive");
        assertThat(problems(base))
                .contains("webapps/a%20b.war: /a%20b is no path for a WAR; write one without percent signs");
    }

    @Test
    void twoDescriptorsOfOnePathAreAnError(@TempDir Path base) {
        MarinaUnderTest.write(base, "conf/server.yml", "");
        MarinaUnderTest.write(base, "site/index.html", "");
        MarinaUnderTest.write(base, "conf/contexts/sub/dir.yml", "files: site\n");
        MarinaUnderTest.write(base, "conf/contexts/sub#dir.yml", "files: site\n");
        assertThat(problems(base))
                .singleElement()
                .asString()
                .contains("context /sub/dir is already defined at conf/contexts/sub", "remove one of the two");
    }

    private static List<String> problems(Path base) {
        Directories directories = new Directories(base, base);
        try {
            new ConfigLoader(directories, System.getenv()).load(base.resolve("conf/server.yml"));
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Object::toString).toList();
        }
    }
}
