package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import marina.testing.LoginBrowser;
import marina.testing.MarinaUnderTest;
import marina.testing.TestProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People log in at a provider of OpenID Connect, and nobody else's word is taken for it. */
class OidcLoginTest {
    private static final String APP =
            Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();

    @TempDir
    private Path base;

    private TestProvider provider;

    @BeforeEach
    void startProvider() {
        provider = TestProvider.start(0);
    }

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    @Test
    void somebodyLogsInAtTheProviderAndGoesOnWhereHeWantedTo() {
        try (MarinaUnderTest marina = start("")) {
            assertThat(provider.asked()).as("while Marina starts").isEmpty();
            LoginBrowser anna = new LoginBrowser(marina);

            HttpResponse<String> back = atProvider(anna, "/shop/a?b=c%2f");
            HttpResponse<String> entered = anna.follow(back);
            HttpResponse<String> shop = anna.follow(entered);

            assertThat(back.statusCode()).isEqualTo(302);
            assertThat(entered.statusCode()).isEqualTo(303);
            assertThat(shop.statusCode()).isEqualTo(200);
            assertThat(shop.body())
                    .contains("/shop/a?b=c%2f", "\"remote-user\":\"anna@example.com\"")
                    .doesNotContain("marina_session");
            assertThat(provider.asked())
                    .containsExactly("GET /realm/.well-known/openid-configuration", "GET /authorize", "POST /token");
            assertThat(marina.get("/shop/", "Accept", "application/json").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void theProviderIsAskedInItsOwnWay() {
        provider.metadata(Map.of("token_endpoint_auth_methods_supported", List.of("client_secret_post")))
                .claims(claims -> {
                    claims.remove("email");
                    claims.put("aud", new String[] {"other", TestProvider.CLIENT});
                    claims.put("azp", TestProvider.CLIENT);
                })
                .userinfo(Map.of("sub", "4711", "email", "anna@example.com"));
        try (MarinaUnderTest marina = start("")) {
            assertThat(login(marina).statusCode()).isEqualTo(303);
            assertThat(provider.asked()).contains("GET /userinfo");

            provider.userinfo(Map.of("sub", "4712", "email", "anna@example.com"));
            assertThat(login(marina).statusCode())
                    .as("userinfo of somebody else")
                    .isEqualTo(403);
        }
    }

    @Test
    void aTokenThatIsNotForThisLoginIsRefused() {
        Map<String, Consumer<Map<String, Object>>> forgeries = Map.of(
                "another nonce", claims -> claims.put("nonce", "x"),
                "no nonce", claims -> claims.remove("nonce"),
                "another client", claims -> claims.put("aud", "other"),
                "several clients", claims -> claims.put("aud", new String[] {"other", TestProvider.CLIENT}),
                "another party", claims -> claims.put("azp", "other"),
                "another issuer", claims -> claims.put("iss", "https://evil.test"),
                "expired", claims -> claims.put("exp", Instant.now().getEpochSecond() - 120),
                "without end", claims -> claims.remove("exp"),
                "not yet valid", claims -> claims.put("nbf", Instant.now().getEpochSecond() + 600),
                "without subject", claims -> claims.remove("sub"));
        try (MarinaUnderTest marina = start("")) {
            assertThat(forgeries).allSatisfy((what, forgery) -> {
                provider.claims(forgery);
                HttpResponse<String> answer = login(marina);
                assertThat(answer.statusCode()).as(what).isEqualTo(403);
                assertThat(answer.headers().allValues("Set-Cookie")).as(what).isEmpty();
            });
            provider.claims(claims -> {});
            assertThat(login(marina).statusCode()).isEqualTo(303);
        }
    }

    @Test
    void onlyWhoIsAllowedEnters() {
        try (MarinaUnderTest marina = start("")) {
            provider.claims(claims -> claims.put("email", "Boss@Partner.test"));
            assertThat(login(marina).statusCode()).isEqualTo(303);
            for (String stranger :
                    List.of("eve@evil.test", "eve@example.com.evil.test", "@example.com", "partner.test")) {
                provider.claims(claims -> claims.put("email", stranger));
                HttpResponse<String> answer = login(marina);
                assertThat(answer.statusCode()).as(stranger).isEqualTo(403);
                assertThat(answer.body()).contains("You may not enter as " + stranger);
            }
            provider.claims(claims -> claims.put("email_verified", false));
            assertThat(login(marina).statusCode()).as("not verified").isEqualTo(403);
            provider.claims(claims -> claims.remove("email"));
            assertThat(login(marina).statusCode()).as("unknown").isEqualTo(403);
        }
    }

    @Test
    void whoIsNotAllowedAnyMoreIsOutAfterAReload() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            assertThat(anna.follow(atProvider(anna, "/shop/")).statusCode()).isEqualTo(303);
            assertThat(anna.get("/shop/").statusCode()).isEqualTo(200);

            marina.reload(yaml("").replace("*@example.com", "berta@example.com"));

            await().until(() -> anna.get("/shop/").statusCode() == 302);
        }
    }

    @Test
    void aLoginIsFinishedOnceAndInTheBrowserThatBeganIt() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            String back =
                    atProvider(anna, "/shop/").headers().firstValue("Location").orElseThrow();

            assertThat(new LoginBrowser(marina).get(back).statusCode())
                    .as("the victim of somebody who has sent the address")
                    .isEqualTo(400);
            assertThat(anna.get(back + "x").statusCode()).as("changed").isEqualTo(400);
            assertThat(anna.get(back + "&iss=https%3A%2F%2Fevil.test").statusCode())
                    .as("of another provider")
                    .isEqualTo(400);
        }
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            HttpResponse<String> first = atProvider(anna, "/shop/1");
            HttpResponse<String> second = atProvider(anna, "/shop/2");

            assertThat(anna.follow(first).headers().firstValue("Location")).hasValue("/shop/1");
            assertThat(anna.follow(second).headers().firstValue("Location"))
                    .as("two tabs at once")
                    .hasValue("/shop/2");
            assertThat(anna.follow(first).statusCode()).as("once more").isEqualTo(400);
            assertThat(anna.get("/_marina/oidc").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void whoComesBackWithoutACodeIsTold() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            String back =
                    atProvider(anna, "/shop/").headers().firstValue("Location").orElseThrow();
            HttpResponse<String> denied = anna.get(back.replaceFirst("code=[^&]*", "error=access_denied"));
            assertThat(denied.statusCode()).isEqualTo(403);
            assertThat(denied.body()).contains("/_marina/login?again=1");
        }
    }

    @Test
    void aProviderThatIsDownIsAskedAgainWhenItIsBack() {
        int port = provider.port();
        provider.close();
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            HttpResponse<String> down = anna.follow(anna.get("/shop/"));
            assertThat(down.statusCode()).isEqualTo(503);
            assertThat(down.headers().firstValue("Retry-After")).isPresent();
            assertThat(down.body()).doesNotContain("Exception");

            provider = TestProvider.start(port);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> anna.get("/_marina/login").statusCode() == 302);
            provider.tokenStatus(500);
            assertThat(login(marina).statusCode()).isEqualTo(503);
            provider.tokenStatus(200);
            assertThat(login(marina).statusCode()).isEqualTo(303);
        }
    }

    @Test
    void aProviderWithAnotherNameIsNotBelieved() {
        provider.metadata(Map.of("issuer", "https://evil.test"));
        try (MarinaUnderTest marina = start("")) {
            assertThat(new LoginBrowser(marina).get("/_marina/login").statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void aLogoutGoesOnAtTheProvider() {
        provider.metadata(Map.of("end_session_endpoint", provider.issuer() + "/logout"));
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            assertThat(anna.follow(atProvider(anna, "/shop/")).statusCode()).isEqualTo(303);

            HttpResponse<String> out = anna.post("/_marina/logout", "");

            assertThat(out.headers().firstValue("Location"))
                    .hasValue(provider.issuer() + "/logout?client_id=marina+test");
            assertThat(anna.get("/shop/").statusCode()).isEqualTo(302);
        }
    }

    @Test
    void programsShowAPasswordWhereThereAreSome() {
        MarinaUnderTest.write(base, "conf/robots", "robot:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        try (MarinaUnderTest marina = start("htpasswd: conf/robots,")) {
            assertThat(marina.get("/shop/", "Authorization", "Basic cm9ib3Q6dGVzdA==")
                            .body())
                    .contains("\"remote-user\":\"robot\"");
            assertThat(marina.get("/shop/", "Authorization", "Basic cm9ib3Q6d3Jvbmc=")
                            .statusCode())
                    .isEqualTo(401);
        }
        try (MarinaUnderTest marina = start("")) {
            assertThat(marina.get("/shop/", "Authorization", "Basic cm9ib3Q6dGVzdA==")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void eachContextMayHaveItsOwnLogin() {
        String own = "auth: { oidc: { issuer: \"" + provider.issuer() + "\", client_id: \"" + TestProvider.CLIENT
                + "\", client_secret: \"" + TestProvider.SECRET + "\", allowed: \"*\", user: sub, callback: back } }";
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "contexts:\n  /one: { command: [node, \"" + APP + "\"], " + own + " }\n  /two: { command: [node, \""
                        + APP + "\"], " + own + " }\n  /one/open: { auth: false, command: [node, \"" + APP
                        + "\"] }\n")) {
            LoginBrowser anna = new LoginBrowser(marina);
            HttpResponse<String> back = atProvider(anna, "/one/x");
            assertThat(back.headers().firstValue("Location").orElse("")).contains("/one/back?code=");
            HttpResponse<String> entered = anna.follow(back);

            assertThat(entered.headers().firstValue("Location")).hasValue("/one/x");
            assertThat(entered.headers().allValues("Set-Cookie"))
                    .allSatisfy(cookie -> assertThat(cookie).contains("; Path=/one;"));
            assertThat(anna.follow(entered).body()).contains("\"remote-user\":\"4711\"");
            assertThat(anna.get("/two/").statusCode()).isEqualTo(302);
            assertThat(marina.get("/one/open/", "Cookie", anna.cookies()).body())
                    .doesNotContain("marina_session");
        }
    }

    /** From a page to the provider and to where the provider sends the browser then. */
    private static HttpResponse<String> atProvider(LoginBrowser browser, String target) {
        HttpResponse<String> leaving = browser.follow(browser.get(target));
        assertThat(leaving.statusCode()).as(leaving.body()).isEqualTo(302);
        return browser.follow(leaving);
    }

    /** A whole login of a new browser: the answer to its return. */
    private static HttpResponse<String> login(MarinaUnderTest marina) {
        LoginBrowser browser = new LoginBrowser(marina);
        return browser.follow(atProvider(browser, "/shop/"));
    }

    private MarinaUnderTest start(String more) {
        return MarinaUnderTest.start(base, yaml(more));
    }

    private String yaml(String more) {
        return """
                auth:
                  { %s oidc: { issuer: "%s", client_id: "%s", client_secret: "%s",
                      allowed: ["*@example.com", boss@partner.test] } }
                contexts:
                  /shop: { command: [node, "%s"] }
                """
                .formatted(more, provider.issuer(), TestProvider.CLIENT, TestProvider.SECRET, APP);
    }
}
