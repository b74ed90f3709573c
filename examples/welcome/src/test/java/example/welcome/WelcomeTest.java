package example.welcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The root context in a real server, beside MBeans such as Marina publishes. */
class WelcomeTest {
    private final List<ObjectName> published = new ArrayList<>();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        WebAppContext context = new WebAppContext();
        context.setContextPath("/");
        context.setBaseResourceAsPath(Path.of("src/main/webapp"));
        context.setClassLoader(WelcomeTest.class.getClassLoader());
        context.setThrowUnavailableOnStartupException(true);
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        LifeCycle.stop(server);
        for (ObjectName name : published) {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        }
    }

    @Test
    void listsEachContextWithItsStateAndALink() throws Exception {
        publish("/sam/list1", new Published("READY", 0, 12, "todo.war"));
        publish("/sally/list1", new Published("STOPPED", -1, 0, "<todo> & co"));
        publish("/api", new Published("FAILED", 4711, 3, "war"));

        String page = get("/").body();

        assertThat(page)
                .contains("3 contexts")
                .containsSubsequence("href=\"/api/\"", "href=\"/sally/list1/\"", "href=\"/sam/list1/\"")
                .contains("<span class=\"state ready\">ready</span>", "<span class=\"state failed\">failed</span>")
                .contains("&lt;todo&gt; &amp; co")
                .contains(">4711<", ">12<")
                .containsOnlyOnce("<span class=\"about\">todo.war</span>")
                .doesNotContain("<span class=\"about\">war</span>")
                .doesNotContain(">-1<");
    }

    @Test
    void neverShowsWhatACommonVisitorMustNotKnow() throws Exception {
        publish("/shop", new Published("READY", 1, 1, "shop.war"));

        assertThat(get("/").body()).contains("/shop").doesNotContain("secret");
    }

    @Test
    void welcomesUnderAServerThatPublishesNothing() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Marina is running", "bin/marina.sh contexts", "conf/server.yml");
    }

    @Test
    void showsAContextOfWhichItCanReadNothing() throws Exception {
        ObjectName name = new ObjectName("marina:type=Context,path=" + ObjectName.quote("/odd \"path\""));
        ManagementFactory.getPlatformMBeanServer()
                .registerMBean(new StandardMBean((Runnable) () -> {}, Runnable.class), name);
        published.add(name);

        assertThat(get("/").body()).contains("<a href=\"/odd%20%22path%22/\">/odd &quot;path&quot;</a>");
    }

    @Test
    void answersEveryOtherPathWithAPageOfItsOwn() throws Exception {
        HttpResponse<String> page = get("/no/such/page.html");

        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("Nothing is mounted here").doesNotContain("Jetty", "page.html");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe"));
    }

    @Test
    void takesNothing() throws Exception {
        HttpResponse<String> answer = send(request("/").POST(BodyPublishers.ofString("x=y")));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    private void publish(String path, Published context) throws Exception {
        ObjectName name = new ObjectName("marina:type=Context,path=" + ObjectName.quote(path));
        ManagementFactory.getPlatformMBeanServer()
                .registerMBean(new StandardMBean(context, PublishedContext.class), name);
        published.add(name);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    /** The attributes of Marina's MBean that matter here; two of them must never be read. */
    public interface PublishedContext {
        String getState();

        String getKind();

        long getPid();

        long getRequests();

        String getDescription();

        String getDatabaseUrl();

        String getAddress();
    }

    private record Published(String state, long pid, long requests, String description) implements PublishedContext {
        @Override
        public String getState() {
            return state;
        }

        @Override
        public String getKind() {
            return "WAR";
        }

        @Override
        public long getPid() {
            return pid;
        }

        @Override
        public long getRequests() {
            return requests;
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public String getDatabaseUrl() {
            return "postgres://user:secret@host/db";
        }

        @Override
        public String getAddress() {
            return "secret:1";
        }
    }
}
