package marina.testing;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The members a, b, c … of a pool, and a Marina with a context {@code /} in front of them. */
public final class Members implements AutoCloseable {
    private final List<TestMember> members = new ArrayList<>();

    /** Some, which listen. */
    public Members(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            members.add(new TestMember(String.valueOf((char) ('a' + i))));
        }
    }

    /** One of them; the first is 0. */
    public TestMember get(int number) {
        return members.get(number);
    }

    /** Kills one. */
    public void kill(int number) throws IOException {
        members.get(number).kill();
    }

    /** The configuration of a context / with all of them, weights in their order and keys beside the members. */
    public String yaml(List<? extends Number> weights, String... more) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            items.add("{ url: \"" + members.get(i).url() + "\", weight: " + weights.get(i) + " }");
        }
        String others = List.of(more).stream().map(key -> ", " + key).collect(Collectors.joining());
        return "contexts: { /: { upstream: { members: [" + String.join(", ", items) + "]" + others + " } } }\n";
    }

    /** The same with equal weights. */
    public String yaml(String... more) {
        return yaml(members.stream().map(member -> 1).toList(), more);
    }

    /** Who answers how many of some requests, one after the other; statuses other than 200 count as well. */
    public static Map<String, Integer> ask(MarinaUnderTest marina, int requests, String... headers) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            answers.merge(said(marina.get("/", headers)), 1, Integer::sum);
        }
        return answers;
    }

    /** The name of the member, or the status when that is not 200. */
    public static String said(HttpResponse<String> answer) {
        return answer.statusCode() == 200 ? answer.body() : Integer.toString(answer.statusCode());
    }

    @Override
    public void close() {
        members.forEach(TestMember::close);
    }
}
