package example.todo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user can do with a list, with and without JavaScript. */
class TodoListTest {
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\",\"text\":\"([^\"]*)\"");

    @TempDir
    private Path directory;

    private TodoUnderTest todo;

    @BeforeEach
    void start() throws Exception {
        todo = new TodoUnderTest("/sam/list1", directory.resolve("list1.db"));
    }

    @AfterEach
    void stop() {
        todo.close();
    }

    @Test
    void startsEmptyUnderTheNameOfItsContext() throws Exception {
        HttpResponse<String> page = todo.send(todo.request("/"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>sam / list1</title>").contains("id=\"empty\" class=\"empty\">");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
    }

    @Test
    void addsAnItemAndComesBackToThePage() throws Exception {
        HttpResponse<String> added = todo.post("/items", "text", "  buy\n milk ");

        assertThat(added.statusCode()).isEqualTo(303);
        assertThat(added.headers().firstValue("Location")).hasValue("/sam/list1/");
        assertThat(todo.page()).contains(">buy milk</label>").contains(">1 open<");
    }

    @Test
    void ticksOffAndOpensAgain() throws Exception {
        String id = add("buy milk");

        HttpResponse<String> ticked = todo.post("/items/" + id, "do", "done");
        assertThat(ticked.headers().firstValue("Location")).hasValue("/sam/list1/#item-" + id);
        assertThat(todo.page()).contains("aria-checked=\"true\"").contains(">All done<");

        todo.post("/items/" + id, "do", "open");
        assertThat(todo.page()).doesNotContain("aria-checked=\"true\"").contains(">1 open<");
    }

    @Test
    void deletesOneAndClearsAllThatIsDone() throws Exception {
        String first = add("first");
        String second = add("second");
        add("third");
        todo.post("/items/" + second, "do", "done");

        todo.post("/items/" + first, "do", "delete");
        assertThat(todo.page()).doesNotContain(">first<").contains(">second<", ">third<", ">1 open, 1 done<");

        assertThat(todo.post("/clear", "", "").statusCode()).isEqualTo(303);
        assertThat(todo.page()).doesNotContain(">second<").contains(">third<");
    }

    @Test
    void answersTheScriptWithTheWholeListNewestFirst() throws Exception {
        todo.fetch("/items", "text", "older");
        HttpResponse<String> answer = todo.fetch("/items", "text", "say \"hi\" \\ \uD83D\uDE00");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
        assertThat(answer.body())
                .matches("(?s)\\{\"items\":\\[\\{\"id\":\"[^\"]+\",\"text\":\"say \\\\\"hi\\\\\" \\\\\\\\ "
                        + "\\\\ud83d\\\\ude00\",\"done\":false\\},\\{.*\"text\":\"older\".*");
        assertThat(todo.send(todo.request("/items")).body()).isEqualTo(answer.body());
    }

    @Test
    void showsWhatWasTypedAndNeverRunsIt() throws Exception {
        todo.post("/items", "text", "<script>alert('x')</script> & \"more\"");

        assertThat(todo.page())
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;")
                .doesNotContain("<script>alert");
    }

    @Test
    void takesTwoHundredCharactersAndNotOneMore() throws Exception {
        assertThat(todo.post("/items", "text", "\uD83D\uDE00".repeat(200)).statusCode())
                .isEqualTo(303);

        HttpResponse<String> page = todo.post("/items", "text", "y".repeat(201));
        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body())
                .contains("That is 201 characters; an item can have 200.")
                .contains("value=\"" + "y".repeat(201) + "\"");

        HttpResponse<String> json = todo.fetch("/items", "text", " \t ");
        assertThat(json.statusCode()).isEqualTo(422);
        assertThat(json.body()).isEqualTo("{\"error\":\"Type what there is to do, then add it.\"}\n");
    }

    @Test
    void keepsItsItemsWhenItIsStartedAgain() throws Exception {
        add("still here");
        todo.close();
        todo = new TodoUnderTest("/elsewhere", directory.resolve("list1.db"));

        assertThat(todo.page()).contains("<title>elsewhere</title>").contains(">still here<");
    }

    private String add(String text) throws Exception {
        Matcher matcher = ID.matcher(todo.fetch("/items", "text", text).body());
        assertThat(matcher.find()).isTrue();
        assertThat(matcher.group(2)).isEqualTo(text);
        return matcher.group(1);
    }
}
