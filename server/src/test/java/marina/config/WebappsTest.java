package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebappsTest {
    @TempDir
    Path base;

    private Instance instance = new Instance(Path.of(""));

    @BeforeEach
    void emptyServerFile() {
        instance = new Instance(base).server("");
    }

    private Map<String, String> mounted() {
        Map<String, String> result = new TreeMap<>();
        Path webapps = instance.directories().webapps();
        instance.load().contexts().forEach((path, context) -> {
            String what = context.content()
                    .fold(new Content.Cases<>(
                            war -> webapps.relativize(war.archive()).toString(),
                            command -> command.command().toString(),
                            upstream -> upstream.url().toString(),
                            files ->
                                    webapps.relativize(files.site().directory()).toString(),
                            cgi -> cgi.script().toString()));
            result.put(path.value(), context.content().kind() + " " + what);
        });
        return result;
    }

    @Test
    void mountsArchivesUnderTheirNames() {
        instance.file("webapps/shop.war", "").file("webapps/ROOT.war", "").file("webapps/sam#list1.war", "");
        assertThat(mounted())
                .isEqualTo(Map.of("/shop", "war shop.war", "/", "war ROOT.war", "/sam/list1", "war sam#list1.war"));
    }

    /** The versions that are not the highest, by the names of their files. */
    private List<String> older(String path) {
        return instance.load().olderVersions().getOrDefault(new ContextPath(path), List.of()).stream()
                .map(context -> (Content.War) context.content())
                .map(war -> war.archive().getFileName() + " is " + war.version())
                .toList();
    }

    @Test
    void mountsTheHighestVersionAndKnowsTheOthers() {
        instance.file("webapps/shop.war", "")
                .file("webapps/shop##9.war", "")
                .file("webapps/shop##10.war", "")
                .folder("webapps/shop##9.1/WEB-INF")
                .folder("webapps/shop##9/WEB-INF")
                .file("webapps/ROOT##7.war", "");
        assertThat(mounted()).isEqualTo(Map.of("/shop", "war shop##10.war", "/", "war ROOT##7.war"));
        assertThat(older("/shop")).containsExactly("shop##9.1 is 9.1", "shop##9.war is 9", "shop.war is ");
        assertThat(older("/")).isEmpty();
    }

    @Test
    void hasNoVersionsOfWhatIsNoWarOrMustRunAloneOrHidesItsSessions() {
        instance.file("webapps/site/index.html", "")
                .file("webapps/site##2/index.html", "")
                .file("webapps/mixed.war", "")
                .file("webapps/mixed##2/index.html", "")
                .file("webapps/alone##1.war", "")
                .file("webapps/alone##2.war", "")
                .file("webapps/hidden##1.war", "")
                .file("webapps/hidden##2.war", "")
                .file("conf/contexts/alone.yml", "war: alone##*.war\nrolling_restart: false\n")
                .file("conf/contexts/hidden.yml", "war: hidden##*.war\nisolation: process\nsessions: memory\n");
        assertThat(mounted())
                .isEqualTo(Map.of(
                        "/site", "files site##2",
                        "/mixed", "files mixed##2",
                        "/alone", "war alone##2.war",
                        "/hidden", "war hidden##2.war"));
        assertThat(instance.load().olderVersions()).isEmpty();
        assertThat(instance.context("/alone").version())
                .as("takes over the sessions, as any redeploy")
                .isEmpty();
    }

    @Test
    void aDescriptorNamesOneVersionOrAllOfThem() {
        instance.file("webapps/shop##1.war", "")
                .file("webapps/shop##2.war", "")
                .file("webapps/shop##3.war", "")
                .file("webapps/news##1.war", "")
                .file("webapps/news##2.war", "")
                .server("contexts: { /next: { war: shop##3.war }, /paper: { war: news##*.war } }");
        assertThat(mounted())
                .isEqualTo(Map.of("/next", "war shop##3.war", "/shop", "war shop##2.war", "/paper", "war news##2.war"));
        assertThat(older("/shop")).containsExactly("shop##1.war is 1");
        assertThat(older("/paper")).containsExactly("news##1.war is 1");
        assertThat(older("/next")).isEmpty();
    }

    @Test
    void tellsFoldersByWhatIsInThem() {
        instance.folder("webapps/exploded/WEB-INF")
                .file("webapps/exploded/Procfile", "web: run")
                .file("webapps/node/Procfile", "worker: x\nweb:  node 'a b.js' --port $PORT -- ${PORT} $PORTAL\n")
                .file("webapps/node/index.html", "")
                .file("webapps/worker/Procfile", "worker: x\n")
                .file("webapps/site/index.html", "")
                .folder("webapps/empty")
                .file("webapps/.hidden/index.html", "")
                .file("webapps/README.md", "");
        assertThat(mounted())
                .isEqualTo(Map.of(
                        "/exploded", "war exploded",
                        "/node", "command [node, a b.js, --port, ${port}, --, ${port}, $PORTAL]",
                        "/site", "files site"));
    }

    @Test
    void givesACommandOfAProcfileItsFolderAndItsPort() {
        instance.file("webapps/node/Procfile", "web: node a.js\n");
        ContextConfig context = instance.context("/node");
        assertThat(context.env()).containsEntry("PORT", new Template(List.of("", ""), List.of("port")));
        Path directory = context.content()
                .fold(new Content.Cases<>(
                        war -> war.archive(),
                        Content.Command::directory,
                        upstream -> Path.of(""),
                        files -> files.site().directory(),
                        Content.Cgi::script));
        assertThat(directory).isEqualTo(base.resolve("webapps/node"));
        assertThat(context.source()).hasToString("webapps/node/Procfile:1");
    }

    @Test
    void prefersAnArchiveToAFolderOfTheSameName() {
        instance.file("webapps/shop.war", "").folder("webapps/shop/WEB-INF");
        assertThat(mounted()).isEqualTo(Map.of("/shop", "war shop.war"));
        assertThat(older("/shop")).isEmpty();
    }

    @Test
    void letsADescriptorWin() {
        instance.file("webapps/shop.war", "")
                .file("webapps/site/index.html", "")
                .server("contexts: { /shop: { upstream: 'http://127.0.0.1:1' } }")
                .file("conf/contexts/site.yml", "command: run");
        assertThat(mounted()).isEqualTo(Map.of("/shop", "upstream http://127.0.0.1:1", "/site", "command [run]"));
    }

    @Test
    void doesNotMountUnderItsOwnNameWhatAContextNames() {
        instance.file("webapps/todo.war", "")
                .folder("webapps/exploded/WEB-INF")
                .server("contexts: { /sam/list1: { war: todo.war }, /sam/list2: { war: exploded } }");
        assertThat(mounted()).isEqualTo(Map.of("/sam/list1", "war todo.war", "/sam/list2", "war exploded"));
    }

    @Test
    void mountsBothWhenAContextSaysSo() {
        instance.file("webapps/todo.war", "")
                .server("contexts: { /sam/list1: { war: todo.war }, /todo: { war: todo.war } }");
        assertThat(mounted()).isEqualTo(Map.of("/sam/list1", "war todo.war", "/todo", "war todo.war"));
    }

    @Test
    void appliesDefaults() {
        instance.file("webapps/todo.war", "").server("defaults: { page_after: 9s, strip_path: true }");
        assertThat(instance.context("/todo").lifecycle().pageAfter()).hasSeconds(9);
    }

    @Test
    void givesEachArchiveADatabaseOfItsOwnHoweverMuchTheirNamesAreAlike() {
        instance.file("webapps/a#b.war", "").file("webapps/a-b.war", "").file("webapps/ROOT.war", "");
        Map<String, String> databases = new TreeMap<>();
        instance.load().contexts().forEach((path, context) -> {
            Template url = context.env().get("DATABASE_URL");
            databases.put(path.value(), url == null ? "" : url.toString());
        });
        assertThat(databases)
                .isEqualTo(
                        Map.of("/a/b", "sqlite:data/a/b.db", "/a-b", "sqlite:data/a-b.db", "/", "sqlite:data/ROOT.db"));
    }

    @Test
    void noticesThatAnArchiveWasReplaced() {
        instance.file("webapps/todo.war", "one").folder("webapps/exploded/WEB-INF/classes");
        ServerConfig before = instance.load();
        assertThat(instance.load()).isEqualTo(before);
        instance.file("webapps/todo.war", "other");
        ServerConfig replaced = instance.load();
        assertThat(replaced).isNotEqualTo(before);
        instance.folder("webapps/exploded/WEB-INF/classes/app");
        assertThat(instance.load()).isNotEqualTo(replaced);
    }

    @Test
    void doesNotTakeAContextThatMovedInItsFileForAChange() {
        instance.server("contexts: { /a: { command: run } }");
        ServerConfig before = instance.load();
        instance.server("# a comment\n\ncontexts: { /a: { command: run } }");
        assertThat(instance.load()).isEqualTo(before);
    }
}
