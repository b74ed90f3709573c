package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A web application knows who has shown a password to Marina. */
@SuppressWarnings("NullAway.Init")
class HostedUserTest {
    private static final String PAGE =
            """
            <%@ page session="false" %>
            user=<%= request.getRemoteUser() %> principal=<%= request.getUserPrincipal() == null
                    ? null : request.getUserPrincipal().getName() %> type=<%= request.getAuthType() %> header=<%= request.getHeader("Remote-User") %> admin=<%= request.isUserInRole("admin") %>
            """;

    /** Without a login: Tomcat calls this one that nobody can pass. */
    private static final String DESCRIPTOR =
            """
            <web-app version="4.0">
              <security-constraint>
                <web-resource-collection>
                  <web-resource-name>inner</web-resource-name><url-pattern>/inner/*</url-pattern>
                </web-resource-collection>
                <auth-constraint><role-name>**</role-name></auth-constraint>
              </security-constraint>
              <security-role><role-name>admin</role-name></security-role>
            </web-app>
            """;

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("marina.access");
    private static final ListAppender<ILoggingEvent> LINES = new ListAppender<>();

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() {
        LINES.start();
        LOGGER.setLevel(Level.INFO);
        LOGGER.addAppender(LINES);
        MarinaUnderTest.write(base, "conf/staff", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        MarinaUnderTest.write(base, "webapps/app/show.jsp", PAGE);
        MarinaUnderTest.write(base, "webapps/app/WEB-INF/web.xml", DESCRIPTOR);
        MarinaUnderTest.write(base, "webapps/app/inner/show.jsp", PAGE);
        marina = MarinaUnderTest.start(
                base,
                """
                auth: { htpasswd: conf/staff, public: ["/open/", "/old/"] }
                defaults: { page_after: 60s }
                contexts:
                  /ee8: { war: app, ee: 8 }
                  /ee9: { war: app, ee: 9 }
                  /ee10: { war: app, ee: 10 }
                  /ee11: { war: app, ee: 11 }
                  /open: { war: app, ee: 10 }
                  /old: { war: app, ee: 8 }
                  /apart: { war: app, ee: 11, isolation: process, ready: { timeout: 60s } }
                """);
    }

    @AfterAll
    static void stop() {
        marina.close();
        LOGGER.detachAppender(LINES);
        LOGGER.setLevel(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ee8", "/ee9", "/ee10", "/ee11", "/apart"})
    void theUserIsTheOneWhosePasswordWasVerified(String context) {
        String answer = asAnna(context + "/show.jsp?log").body();

        assertThat(answer).contains("user=anna principal=anna type=BASIC header=null admin=false");
        await("the access log").until(() -> List.copyOf(LINES.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains(" anna [") && line.contains(context + "/show.jsp?log")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ee8", "/ee9", "/ee10", "/ee11", "/apart"})
    void whatIsForEveryKnownUserIsOpenToThem(String context) {
        assertThat(asAnna(context + "/inner/show.jsp").body()).contains("user=anna");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/open", "/old"})
    void whereNoPasswordIsNeededThereIsNoUser(String context) {
        assertThat(marina.get(context + "/show.jsp", "Authorization", "Basic cm9vdDpyb290", "X-Remote-User", "root")
                        .body())
                .contains("user=null principal=null");
        assertThat(marina.get(context + "/inner/show.jsp").statusCode()).isEqualTo(403);
    }

    private static HttpResponse<String> asAnna(String target) {
        String credentials = Base64.getEncoder().encodeToString("anna:test".getBytes(StandardCharsets.UTF_8));
        return marina.get(target, "Authorization", "Basic " + credentials, "Remote-User", "root");
    }
}
