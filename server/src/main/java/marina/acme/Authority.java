package marina.acme;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import marina.config.AcmeConfig;
import marina.tls.PemException;
import marina.tls.ServerCertificate;
import marina.tls.X509Writer;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.AcmeJsonResource;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.JSONBuilder;

/** Orders certificates from one authority (RFC 8555). Blocks until it is done; used by one thread at a time. */
final class Authority {
    private static final Duration VALIDATION = Duration.ofMinutes(5);
    private static final Duration ISSUANCE = Duration.ofMinutes(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final URI ALREADY_REPLACED = URI.create("urn:ietf:params:acme:error:alreadyReplaced");

    private final URI directory;
    private final CertificateStore store;
    private final Challenges challenges;

    Authority(URI directory, CertificateStore store, Challenges challenges) {
        this.directory = directory;
        this.store = store;
        this.challenges = challenges;
    }

    /**
     * Orders a certificate with a fresh key.
     *
     * @param before the one that it will replace, which spares some authorities' rate limits (RFC 9773)
     * @throws OrderException when there is none, with the reason and what to do
     */
    ServerCertificate order(AcmeConfig config, Optional<ServerCertificate> before)
            throws OrderException, InterruptedException {
        try {
            store.tryOut(config);
            KeyPair account = store.account(directory);
            Login login = login(config, account);
            Order order = create(login, config, before);
            prove(order);
            return fetch(login, order, config);
        } catch (AcmeException | RuntimeException e) { // acme4j answers some replies of authorities with the latter
            if (Explanation.isInterruption(e)) {
                throw new InterruptedException();
            }
            throw Explanation.of(directory, e);
        } catch (IOException e) {
            throw new OrderException("nothing can be kept in data/acme (" + e.getMessage() + ")", e);
        } catch (GeneralSecurityException | PemException e) {
            throw new OrderException("what the authority gave cannot be used (" + e.getMessage() + ")", e);
        }
    }

    /** When it would like to see a certificate renewed (RFC 9773); empty when it does not say or cannot be asked. */
    Optional<Renewal.Window> renewalWindow(ServerCertificate certificate, AcmeConfig config)
            throws InterruptedException {
        Optional<String> id = certificate.renewalId();
        if (id.isEmpty()) {
            return Optional.empty();
        }
        try {
            Session session = session();
            Optional<URL> service = session.resourceUrlOptional(Resource.RENEWAL_INFO);
            if (service.isEmpty()) {
                return Optional.empty();
            }
            // Nothing is signed for this, so it needs no account.
            Login nobody = session.login(directory.toURL(), store.account(config.directory()));
            RenewalInfo info = nobody.bindRenewalInfo(new URL(service.get() + "/" + id.get()));
            info.fetch();
            Instant start = info.getSuggestedWindowStart();
            Instant end = info.getSuggestedWindowEnd();
            return end.isBefore(start) ? Optional.empty() : Optional.of(new Renewal.Window(start, end));
        } catch (AcmeException | RuntimeException | IOException | GeneralSecurityException e) {
            if (Explanation.isInterruption(e)) {
                throw new InterruptedException();
            }
            return Optional.empty();
        }
    }

    private Session session() {
        Session session = new Session(directory);
        session.networkSettings().setTimeout(ANSWER);
        ProxySelector ofTheJvm = ProxySelector.getDefault(); // -Dhttps.proxyHost; acme4j would use none
        if (ofTheJvm != null) {
            session.networkSettings().setProxySelector(ofTheJvm);
        }
        return session;
    }

    /** Finds the account of the key, or makes it. */
    private Login login(AcmeConfig config, KeyPair account) throws AcmeException, OrderException {
        Session session = session();
        if (session.getMetadata().isExternalAccountRequired()) {
            throw new OrderException(
                    "the authority wants an account that was made elsewhere (external account binding), which Marina"
                            + " does not offer; choose another directory",
                    new AcmeException("externalAccountRequired"));
        }
        AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(account);
        if (!config.email().isEmpty()) {
            builder.addEmail(config.email());
        }
        return builder.createLogin(session);
    }

    private static Order create(Login login, AcmeConfig config, Optional<ServerCertificate> before)
            throws AcmeException {
        OrderBuilder builder = login.newOrder().domains(config.domains());
        Optional<String> id = before.flatMap(ServerCertificate::renewalId);
        if (id.isEmpty()
                || login.getSession().resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
            return builder.create();
        }
        try {
            return builder.replaces(id.get()).create();
        } catch (AcmeServerException e) {
            if (!ALREADY_REPLACED.equals(e.getType())) {
                throw e;
            }
            return login.newOrder().domains(config.domains()).create();
        }
    }

    /** Has the authority fetch an answer for each name that it does not know to be ours yet. */
    private void prove(Order order) throws AcmeException, OrderException, InterruptedException {
        List<String> tokens = new ArrayList<>();
        try {
            for (Authorization authorization : order.getAuthorizations()) {
                if (authorization.getStatus() == Status.VALID) {
                    continue;
                }
                String domain = authorization.getIdentifier().getDomain();
                Http01Challenge challenge = authorization
                        .findChallenge(Http01Challenge.class)
                        .orElseThrow(() -> new OrderException(
                                "the authority does not offer to prove " + domain
                                        + " over HTTP (HTTP-01); choose another directory",
                                new AcmeException("no http-01")));
                tokens.add(challenge.getToken());
                challenges.put(challenge.getToken(), challenge.getAuthorization());
                challenge.trigger();
                Status status = await(authorization, Set.of(Status.VALID, Status.INVALID), VALIDATION);
                if (status != Status.VALID) {
                    Optional<Problem> problem =
                            authorization.findChallenge(Http01Challenge.class).flatMap(Http01Challenge::getError);
                    throw Explanation.notProven(domain, status, problem);
                }
            }
        } finally {
            tokens.forEach(challenges::remove);
        }
    }

    private static ServerCertificate fetch(Login login, Order order, AcmeConfig config)
            throws AcmeException, OrderException, InterruptedException, GeneralSecurityException, PemException {
        Status ready = await(order, Set.of(Status.READY, Status.VALID, Status.INVALID), VALIDATION);
        if (ready != Status.READY) {
            throw Explanation.notReady(ready, order.getError());
        }
        KeyPair key = X509Writer.newKey();
        // Order.execute would do the same, but its other forms need BouncyCastle to compile.
        JSONBuilder claims = new JSONBuilder();
        claims.putBase64("csr", X509Writer.request(config.domains(), key));
        try (Connection connection = login.getSession().connect()) {
            connection.sendSignedRequest(order.getFinalizeLocation(), claims, login);
        }
        order.fetch();
        Status end = await(order, Set.of(Status.VALID, Status.INVALID), ISSUANCE);
        if (end != Status.VALID) {
            throw Explanation.notReady(end, order.getError());
        }
        ServerCertificate certificate =
                ServerCertificate.of(order.getCertificate().getCertificateChain(), key.getPrivate());
        Set<String> missing = new HashSet<>(config.domains());
        certificate.names().forEach(missing::remove);
        if (!missing.isEmpty() || !Instant.now().isBefore(certificate.notAfter())) {
            throw new GeneralSecurityException("it ends at " + certificate.notAfter() + " and lacks " + missing);
        }
        return certificate;
    }

    /** Asks now and then, as often as the authority likes, until one of these states is reached or the time is over. */
    private static <R extends AcmeJsonResource & PollableResource> Status await(
            R resource, Set<Status> wanted, Duration most) throws AcmeException, OrderException, InterruptedException {
        Instant end = Instant.now().plus(most);
        Status status = resource.getStatus();
        while (!wanted.contains(status)) {
            if (Instant.now().isAfter(end)) {
                throw new OrderException(
                        "the authority did not come to a result within " + most.toMinutes() + " minutes (its state is "
                                + status + ")",
                        new AcmeException("timeout"));
            }
            Pause.until(resource.fetch());
            status = resource.getStatus();
        }
        return status;
    }
}
