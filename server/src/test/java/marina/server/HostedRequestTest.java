package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A web application sees the same client and the same path as everybody else. */
@SuppressWarnings("NullAway.Init")
class HostedRequestTest {
    private static final String PAGE =
            """
            <%@ page session="false" %>
            client=<%= request.getRemoteAddr() %> secure=<%= request.isSecure() %>
            url=<%= request.getRequestURL() %> path=<%= request.getServletPath() %> user=<%= request.getHeader("Remote-User") %>
            for=<%= request.getHeader("X-Forwarded-For") %> id=<%= request.getHeader("X-Request-Id") %>
            """;

    private static final String DESCRIPTOR =
            """
            <web-app version="6.0">
              <servlet><servlet-name>show</servlet-name><jsp-file>/show.jsp</jsp-file></servlet>
              <servlet-mapping><servlet-name>show</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
            </web-app>
            """;

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;
    private static URI server;

    @BeforeAll
    static void start() {
        MarinaUnderTest.write(base, "webapps/app/show.jsp", PAGE);
        MarinaUnderTest.write(base, "webapps/app/WEB-INF/web.xml", DESCRIPTOR);
        marina = MarinaUnderTest.start(
                base,
                """
                trusted_proxies: [loopback]
                defaults: { page_after: 60s }
                contexts:
                  /app: { war: app, ee: 10 }
                  /apart: { war: app, ee: 10, isolation: process, ready: { timeout: 60s } }
                """);
        server = marina.uri("");
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app", "/apart"})
    void theClientIsWhoATrustedProxySaysItIs(String context) {
        String answer = RawClient.get(
                server,
                context + "/x",
                "X-Forwarded-For: 1.1.1.1, 6.6.6.6",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: shop.example",
                "Remote-User: root",
                "Remote_User: root",
                "X-Request-Id: my-id");

        assertThat(answer)
                .contains("client=6.6.6.6 secure=true", "url=https://shop.example" + context + "/x", "user=null")
                .contains("id=my-id", "X-Request-Id: my-id")
                .doesNotContain("1.1.1.1", "root");
    }

    @ParameterizedTest
    @CsvSource({
        "/app//a///b, /a/b",
        "/app/x/../a, /a",
        "/app/%61, /a",
        "/app/100%25, /100%",
        "/app/a;v=1/b, /a/b",
        "/app/a|b, /a|b",
        "/apart//a///b, /a/b",
        "/apart/x/../a, /a",
        "/apart/100%25, /100%",
        "/apart/a|b, /a|b",
    })
    void thePathIsCanonical(String target, String path) {
        assertThat(RawClient.get(server, target)).contains(" path=" + path + " user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/a%2Fb", "/app/..%2Fb", "/app/a%5Cb", "/app/..;/b", "/apart/a%2Fb", "/apart/%2e%2e/b"})
    void whatAServletCouldMisreadIsRefused(String target) {
        String answer = RawClient.get(server, target);

        assertThat(RawClient.status(answer)).isEqualTo(400);
        assertThat(answer).doesNotContainIgnoringCase("jetty").doesNotContain("Exception", "ambiguous");
    }

    @Test
    void aClosedFolderStaysClosedHoweverItIsSpelt() {
        for (String target : new String[] {
            "/app/WEB-INF/web.xml", "/app//WEB-INF/web.xml", "/app/./WEB-INF/web.xml", "/app/%57EB-INF/web.xml",
            "/app/x/../WEB-INF/web.xml", "/app/WEB-INF;a/web.xml", "/app/web-inf/web.xml", "/app/WEB-INF//web.xml"
        }) {
            assertThat(RawClient.get(server, target)).as(target).doesNotContain("<servlet");
        }
    }
}
