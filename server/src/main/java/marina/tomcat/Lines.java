package marina.tomcat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import marina.rest.Call;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers of Tomcat's manager: lines of text with status 200, whatever they say. */
final class Lines {
    private Lines() {}

    static void answer(Call call, String first) {
        answer(call, first, List.of());
    }

    /** Answers with a line of Tomcat's, and with those that say more. */
    static void answer(Call call, String first, List<String> more) {
        call.text(Stream.concat(Stream.of(first), more.stream()).collect(Collectors.joining("\n", "", "\n")));
    }

    static void write(String line, Response response, Callback callback) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        Content.Sink.write(response, true, line + "\n", callback);
    }
}
