package marina.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An order at {@link AcmeAuthority}. Guarded by the authority. */
final class AcmeOrder {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String NEVER_ISSUED = "never-issued.test";

    final String id;
    final List<Proof> proofs = new ArrayList<>();
    String certificate = "";
    boolean finalized;
    int pollsToGo;
    Map<String, Object> error = Map.of();

    AcmeOrder(String id) {
        this.id = id;
    }

    /** A name, and whether it was proved. */
    static final class Proof {
        final String id;
        final String domain;
        final String token;
        final String answer;
        String status = "pending";
        Map<String, Object> error = Map.of();

        Proof(String id, String domain, String token, SignedRequest.Jwk account) throws GeneralSecurityException {
            this.id = id;
            this.domain = domain;
            this.token = token;
            this.answer = token + "." + account.thumbprint();
        }

        /** RFC 8555 section 8.3; redirects are not followed, so that a test sees where it was answered. */
        String look(int port) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.getOutputStream()
                        .write(("GET /.well-known/acme-challenge/" + token + " HTTP/1.1\r\nHost: " + domain
                                        + "\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                String got = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                boolean isRight = got.startsWith("HTTP/1.1 200 ") && got.endsWith("\r\n\r\n" + this.answer);
                return isRight
                        ? ""
                        : "not the answer: " + got.lines().findFirst().orElse("");
            } catch (IOException e) {
                return e.toString();
            }
        }

        Map<String, Object> challenge(String root) {
            Map<String, Object> challenge = new LinkedHashMap<>();
            challenge.put("type", "http-01");
            challenge.put("url", root + "/challenge/" + id);
            challenge.put("token", token);
            challenge.put("status", status);
            if (!error.isEmpty()) {
                challenge.put("error", error);
            }
            return challenge;
        }

        Map<String, Object> json(String root) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("status", status);
            result.put("identifier", Map.of("type", "dns", "value", domain));
            result.put("challenges", List.of(challenge(root)));
            return result;
        }
    }

    List<String> domains() {
        return proofs.stream().map(proof -> proof.domain).toList();
    }

    String status() {
        if (finalized && domains().contains(NEVER_ISSUED)) {
            error = AcmeAnswer.problemJson("caa", "the domain does not want us");
        }
        if (!error.isEmpty() || proofs.stream().anyMatch(proof -> proof.status.equals("invalid"))) {
            return "invalid";
        }
        if (finalized) {
            return pollsToGo > 0 ? "processing" : "valid";
        }
        return proofs.stream().allMatch(proof -> proof.status.equals("valid")) ? "ready" : "pending";
    }

    Map<String, Object> json(String root) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("status", status());
        result.put(
                "identifiers",
                domains().stream()
                        .map(domain -> Map.of("type", "dns", "value", domain))
                        .toList());
        result.put(
                "authorizations",
                proofs.stream()
                        .map(proof -> root + "/authorization/" + proof.id)
                        .toList());
        result.put("finalize", root + "/finalize/" + id);
        if (status().equals("valid")) {
            result.put("certificate", root + "/certificate/" + id);
        }
        if (!error.isEmpty()) {
            result.put("error", error);
        }
        return result;
    }
}
