package marina.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import marina.tls.SigningRequest;

/**
 * A certificate authority that speaks ACME (RFC 8555) over plain HTTP on loopback: it verifies nonces, URLs and signatures,
 * fetches the proof of each name from the port that a test says it leads to, and issues real certificates, but none for
 * {@code never-issued.test}. Thread-safe.
 */
public final class AcmeAuthority implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AcmeSigner signer = AcmeSigner.create();
    private final AcmeNames names = new AcmeNames();
    private final Set<String> nonces = new HashSet<>();
    private final Map<String, SignedRequest.Jwk> accounts = new HashMap<>();
    private final Map<String, AcmeOrder> orders = new LinkedHashMap<>();
    private final Map<String, AcmeOrder.Proof> proofs = new HashMap<>();
    private final Deque<AcmeAnswer.Refusal> refusals = new ArrayDeque<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> replaced = new ArrayList<>();
    private Duration lifetime = Duration.ofDays(90);
    private Instant renewFrom = Instant.MAX;
    private int processingPolls;
    private boolean refusesNonce;
    private boolean isPatient;

    private AcmeAuthority(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts one on a port that the system chooses. */
    public static AcmeAuthority start() {
        return startAt(0);
    }

    /** Starts one on this port. */
    public static AcmeAuthority startAt(int port) {
        try {
            return new AcmeAuthority(port);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What clients are configured with. */
    public URI directory() {
        return URI.create(base() + "/directory");
    }

    /** Signs all certificates. */
    public X509Certificate root() {
        return signer.root();
    }

    /** From now on a name leads to a port of this machine. */
    public void leads(String domain, int port) {
        names.put(domain, port);
    }

    /** How long the next certificates are valid. */
    public synchronized void issueFor(Duration duration) {
        lifetime = duration;
    }

    /** How many times an order is not done yet when a client looks at it after it is final. */
    public synchronized void processFor(int polls) {
        processingPolls = polls;
    }

    /** Names this moment to clients that ask when to renew. */
    public synchronized void renewFrom(Instant moment) {
        renewFrom = moment;
    }

    /** Challenges stay pending from now on. */
    public synchronized void neverValidate() {
        isPatient = true;
    }

    /** Answers the next new order with a problem. */
    public synchronized void refuseNext(int status, String type, String detail, int retryAfter) {
        refusals.add(new AcmeAnswer.Refusal(status, type, detail, retryAfter));
    }

    /** The next nonce that comes back is refused, whatever it is. */
    public synchronized void refuseNextNonce() {
        refusesNonce = true;
    }

    /** The names of each order, those that were refused left out. */
    public synchronized List<List<String>> orders() {
        return orders.values().stream().map(AcmeOrder::domains).toList();
    }

    /** The tokens of all challenges. */
    public synchronized List<String> tokens() {
        return proofs.values().stream().map(proof -> proof.token).toList();
    }

    /** How many accounts there are. */
    public synchronized int accounts() {
        return accounts.size();
    }

    /** What the new certificates were said to replace. */
    public synchronized List<String> replaced() {
        return List.copyOf(replaced);
    }

    /** What clients have done against the protocol. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().substring(1).split("/", -1);
            synchronized (this) {
                exchange.getResponseHeaders().set("Replay-Nonce", nonce());
            }
            if (exchange.getRequestMethod().equals("POST")) {
                post(exchange, path);
            } else if (path[0].equals("directory")) {
                AcmeAnswer.json(exchange, 200, AcmeAnswer.directory(base(), !renewFrom.equals(Instant.MAX)));
            } else if (path[0].equals("renewal")) {
                AcmeAnswer.json(exchange, 200, AcmeAnswer.window(renewFrom));
            } else {
                exchange.sendResponseHeaders(path[0].equals("nonce") ? 200 : 404, -1);
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            violation("cannot be read: " + e);
        }
    }

    private synchronized void post(HttpExchange exchange, String... path) throws IOException, GeneralSecurityException {
        SignedRequest request =
                SignedRequest.read(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        boolean isRefused = refusesNonce;
        refusesNonce = false;
        if (!nonces.remove(request.text(request.header(), "nonce")) || isRefused) {
            AcmeAnswer.problem(exchange, 400, "badNonce", "not a nonce of ours, or used before", 0);
            return;
        }
        boolean isAccount = path[0].equals("account");
        SignedRequest.Jwk account = isAccount ? request.jwk() : accounts.get(request.text(request.header(), "kid"));
        boolean isRight = (base() + exchange.getRequestURI())
                        .equals(request.header().get("url"))
                && "application/jose+json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (account == null || !isRight || !request.isSignedBy(account.key())) {
            violation(exchange.getRequestURI() + " with " + request.header());
            AcmeAnswer.problem(exchange, 400, "malformed", "not signed as it must be", 0);
            return;
        }
        switch (path[0]) {
            case "account" -> account(exchange, request, account);
            case "order" -> order(exchange, request, account, path);
            case "authorization" -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                AcmeAnswer.json(exchange, 200, proof(path).json(base()));
            }
            case "challenge" -> validate(exchange, proof(path));
            case "finalize" -> issue(exchange, request, path[1]);
            case "certificate" -> AcmeAnswer.text(
                    exchange, 200, "application/pem-certificate-chain", order(path[1]).certificate);
            default -> AcmeAnswer.problem(exchange, 404, "malformed", "nothing there", 0);
        }
    }

    private void account(HttpExchange exchange, SignedRequest request, SignedRequest.Jwk account)
            throws IOException, GeneralSecurityException {
        if (!Boolean.TRUE.equals(request.payload().get("termsOfServiceAgreed"))) {
            AcmeAnswer.problem(exchange, 403, "userActionRequired", "agree to the terms", 0);
            return;
        }
        String url = base() + "/account/" + account.thumbprint();
        boolean isNew = accounts.put(url, account) == null;
        exchange.getResponseHeaders().set("Location", url);
        AcmeAnswer.json(exchange, isNew ? 201 : 200, Map.of("status", "valid"));
    }

    private void order(HttpExchange exchange, SignedRequest request, SignedRequest.Jwk account, String... path)
            throws IOException, GeneralSecurityException {
        if (path.length > 1) {
            AcmeOrder known = order(path[1]);
            Map<String, Object> state = known.json(base());
            if (known.finalized && known.pollsToGo > 0) {
                known.pollsToGo--;
            }
            exchange.getResponseHeaders().set("Retry-After", "1");
            AcmeAnswer.json(exchange, 200, state);
            return;
        }
        if (!refusals.isEmpty()) {
            refusals.remove().send(exchange);
            return;
        }
        AcmeOrder order = new AcmeOrder(id());
        for (Object identifier : (Object[]) request.payload().get("identifiers")) {
            String domain = String.valueOf(SignedRequest.map(identifier).get("value"));
            AcmeOrder.Proof proof = new AcmeOrder.Proof(id(), domain, id(), account);
            proofs.put(proof.id, proof);
            order.proofs.add(proof);
        }
        if (request.payload().get("replaces") != null) {
            replaced.add(request.text(request.payload(), "replaces"));
        }
        order.pollsToGo = processingPolls;
        orders.put(order.id, order);
        exchange.getResponseHeaders().set("Location", base() + "/order/" + order.id);
        AcmeAnswer.json(exchange, 201, order.json(base()));
    }

    private void validate(HttpExchange exchange, AcmeOrder.Proof proof) throws IOException {
        if (!isPatient) {
            threads.execute(() -> {
                String wrong = proof.look(names.port(proof.domain));
                synchronized (this) {
                    proof.status = wrong.isEmpty() ? "valid" : "invalid";
                    proof.error = wrong.isEmpty() ? Map.of() : AcmeAnswer.problemJson("connection", wrong);
                }
            });
        }
        exchange.getResponseHeaders().set("Retry-After", "1");
        AcmeAnswer.json(exchange, 200, proof.challenge(base()));
    }

    private void issue(HttpExchange exchange, SignedRequest request, String id)
            throws IOException, GeneralSecurityException {
        AcmeOrder order = order(id);
        SigningRequest wanted = SigningRequest.read(SignedRequest.bytes(request.text(request.payload(), "csr")));
        if (!order.status().equals("ready") || !Set.copyOf(wanted.names()).equals(Set.copyOf(order.domains()))) {
            violation("finalizes what is " + order.status() + " with " + wanted.names());
            AcmeAnswer.problem(exchange, 403, "orderNotReady", "not yet", 0);
            return;
        }
        order.certificate = signer.issue(wanted, lifetime);
        order.finalized = true;
        AcmeAnswer.json(exchange, 200, order.json(base()));
    }

    private AcmeOrder order(String id) {
        return Objects.requireNonNull(orders.get(id));
    }

    private AcmeOrder.Proof proof(String... path) {
        return Objects.requireNonNull(proofs.get(path[1]));
    }

    private synchronized void violation(String what) {
        violations.add(what);
    }

    private String nonce() {
        String nonce = id();
        nonces.add(nonce);
        return nonce;
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
