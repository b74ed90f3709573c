package marina.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints {@code auth}, without its secrets. */
final class AuthDump {
    private final DumpText text;

    AuthDump(DumpText text) {
        this.text = text;
    }

    Map<String, Object> auth(AuthConfig config) {
        Map<String, Object> auth = new LinkedHashMap<>();
        auth.put("realm", DumpText.text(config.realm()));
        putFile(auth, "users", config.users().yaml());
        putFile(auth, "htpasswd", config.users().htpasswd());
        putFile(auth, "groups", config.users().groups());
        if (!config.realms().isEmpty()) {
            auth.put("realms", config.realms().stream().map(AuthDump::realm).toList());
        }
        auth.put(
                "public",
                config.publicPaths().stream()
                        .map(PathRule::text)
                        .map(DumpText::text)
                        .toList());
        switch (config.login().method()) {
            case NONE -> {}
            case FORM -> auth.put("form", form(config.login()));
            case OIDC -> auth.put("oidc", oidc(config.login()));
        }
        return auth;
    }

    private static Map<String, Object> realm(AuthConfig.RealmRule rule) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("match", DumpText.text(rule.paths().text()));
        result.put("realm", DumpText.text(rule.realm()));
        return result;
    }

    private void putFile(Map<String, Object> auth, String key, Path file) {
        if (!file.toString().isEmpty()) {
            auth.put(key, text.path(file));
        }
    }

    private Map<String, Object> form(LoginConfig login) {
        Map<String, Object> form = session(login.session());
        if (!login.page().toString().isEmpty()) {
            form.put("page", text.path(login.page()));
        }
        return form;
    }

    private static Map<String, Object> session(SessionConfig session) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (session.secret().isPresent()) {
            result.put("secret", session.secret().toString());
        }
        result.put("ttl", DurationText.format(session.ttl()));
        result.put("max_ttl", DurationText.format(session.maxTtl()));
        result.put("cookie", DumpText.text(session.cookie()));
        return result;
    }

    private static Map<String, Object> oidc(LoginConfig login) {
        OidcConfig provider = login.oidc();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("issuer", DumpText.uri(provider.issuer()));
        result.put("client_id", DumpText.text(provider.clientId()));
        result.put("client_secret", provider.clientSecret().toString());
        result.put("scopes", provider.scopes().stream().map(DumpText::text).toList());
        result.put("user", DumpText.text(provider.userClaim()));
        result.put("allowed", provider.allowed().stream().map(DumpText::text).toList());
        result.put("callback", DumpText.text(provider.callback()));
        Map<String, Object> endpoints = new LinkedHashMap<>();
        put(endpoints, "authorization", provider.endpoints().authorization());
        put(endpoints, "token", provider.endpoints().token());
        put(endpoints, "userinfo", provider.endpoints().userinfo());
        put(endpoints, "end_session", provider.endpoints().endSession());
        result.put("endpoints", endpoints);
        result.putAll(session(login.session()));
        return result;
    }

    private static void put(Map<String, Object> target, String key, URI endpoint) {
        if (!endpoint.toString().isEmpty()) {
            target.put(key, DumpText.uri(endpoint));
        }
    }
}
