package marina.acme;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import marina.config.AcmeConfig;
import marina.tls.ServerCertificate;
import marina.tls.X509Writer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One certificate that is kept fresh: what clients get until the next one comes, and when that is to be tried. {@link #look}
 * is called by one thread; what it shows can be read by all.
 */
final class KeptCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(KeptCertificate.class);
    private static final Duration LOOK_AT_LEAST = Duration.ofHours(6);
    private static final Duration LOOK_AT_MOST = Duration.ofSeconds(1);
    private static final Duration PLACEHOLDER_LIFE = Duration.ofDays(365);

    private final CertificateStore store;
    private final Authority authority;
    private final RetryPace pace;
    private final Runnable exchanged;
    private volatile AcmeConfig config;
    private volatile Shown shown;
    private volatile AcmeStatus status;
    private volatile boolean dropped;
    private Instant notBefore; // what the authority has asked for
    private int failures;
    private boolean unsaved;

    /**
     * Takes what is stored, or a placeholder.
     *
     * @param exchanged told when clients are to get another certificate
     */
    KeptCertificate(
            AcmeConfig config, CertificateStore store, Authority authority, RetryPace pace, Runnable exchanged) {
        this.config = config;
        this.store = store;
        this.authority = authority;
        this.pace = pace;
        this.exchanged = exchanged;
        this.shown = first(config, store);
        Optional<CertificateStore.AskedPause> pause = store.pause(config);
        this.notBefore = pause.map(CertificateStore.AskedPause::until).orElse(Instant.MIN);
        String problem = pause.map(CertificateStore.AskedPause::problem).orElse("");
        this.status = status(Instant.MIN, Instant.now().isBefore(notBefore) ? problem : "", Instant.MAX);
    }

    Shown shown() {
        return shown;
    }

    AcmeStatus status() {
        return status;
    }

    /** The same names, with other wishes. */
    void follow(AcmeConfig next) {
        config = next;
    }

    /** Nobody wants it any more. */
    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    /**
     * Does what is to be done now, which may take minutes.
     *
     * @return how long until it is to be called again
     */
    Duration look() throws InterruptedException {
        Instant now = Instant.now();
        if (now.isBefore(notBefore)) {
            return plan(status.lastAttempt(), status.problem(), notBefore);
        }
        boolean due = shown.origin() != Shown.Origin.ORDERED || !now.isBefore(due(now));
        if (due) {
            return order();
        }
        if (unsaved) {
            save();
        }
        return unsaved ? failed(status.lastAttempt(), status.problem(), Instant.MIN) : rest(status.lastAttempt());
    }

    private Duration order() throws InterruptedException {
        Instant start = Instant.now();
        String names = String.join(", ", config.domains());
        LOG.info("Ordering a certificate for {} from {}", names, config.directory());
        try {
            Optional<ServerCertificate> before =
                    shown.isPlaceholder() ? Optional.empty() : Optional.of(shown.certificate());
            ServerCertificate fresh = authority.order(config, before);
            if (dropped) {
                return LOOK_AT_LEAST;
            }
            shown = new Shown(fresh, Shown.Origin.ORDERED, Instant.now());
            failures = 0;
            notBefore = Instant.MIN;
            unsaved = true;
            status = status(start, "", Instant.MAX);
            save();
            LOG.info("Certificate for {} has come: valid until {}", names, fresh.notAfter());
            exchanged.run();
            return unsaved ? failed(start, status.problem(), Instant.MIN) : rest(start);
        } catch (OrderException e) {
            if (dropped) {
                return LOOK_AT_LEAST;
            }
            String problem = String.valueOf(e.getMessage());
            Duration pause = failed(start, problem, e.notBefore());
            if (Instant.now().isBefore(e.notBefore())) {
                store.keepPause(config, new CertificateStore.AskedPause(e.notBefore(), problem));
            }
            LOG.warn(
                    "No certificate for {}: {}. Meanwhile {}; next try at {}",
                    names,
                    problem,
                    shown.describe(),
                    status.next());
            LOG.debug("The order has failed", e);
            return pause;
        }
    }

    /** A certificate that cannot be written is used all the same, and written when there is room again. */
    private void save() {
        try {
            store.keep(config, shown.certificate());
            unsaved = false;
            status = status(status.lastAttempt(), "", status.next());
        } catch (IOException | GeneralSecurityException e) {
            String problem = "the new certificate cannot be kept in data/acme (" + e + ")";
            LOG.warn("{}: {}; it is in use, and lost with the next restart", config.domains(), problem);
            status = status(status.lastAttempt(), problem, status.next());
        }
    }

    private Instant due(Instant now) throws InterruptedException {
        Instant due = Renewal.due(shown.certificate(), shown.since(), config.renewBefore());
        if (now.isBefore(due)) {
            Optional<Instant> proposed = authority
                    .renewalWindow(shown.certificate(), config)
                    .map(window -> Renewal.due(shown.certificate(), shown.since(), window));
            return proposed.filter(due::isAfter).orElse(due);
        }
        return due;
    }

    private Duration rest(Instant attempt) {
        Instant due = Renewal.due(shown.certificate(), shown.since(), config.renewBefore());
        double chance = ThreadLocalRandom.current().nextDouble();
        Instant look = Instant.now().plus(new RetryPace(LOOK_AT_LEAST, LOOK_AT_LEAST).after(1, chance));
        return plan(attempt, "", due.isBefore(look) ? due : look);
    }

    private Duration failed(Instant attempt, String problem, Instant asked) {
        failures++;
        notBefore = asked;
        Instant next = Instant.now()
                .plus(pace.after(failures, ThreadLocalRandom.current().nextDouble()));
        return plan(attempt, problem, next.isBefore(asked) ? asked : next);
    }

    private Duration plan(Instant attempt, String problem, Instant next) {
        status = status(attempt, problem, next);
        Duration pause = Duration.between(Instant.now(), next);
        return pause.compareTo(LOOK_AT_MOST) < 0 ? LOOK_AT_MOST : pause;
    }

    private AcmeStatus status(Instant attempt, String problem, Instant next) {
        boolean ordered = shown.origin() == Shown.Origin.ORDERED;
        return new AcmeStatus(config.domains(), ordered, seconds(attempt), problem, seconds(next));
    }

    private static Instant seconds(Instant instant) {
        boolean isNamed = !instant.equals(Instant.MIN) && !instant.equals(Instant.MAX);
        return isNamed ? instant.truncatedTo(ChronoUnit.SECONDS) : instant;
    }

    private static Shown first(AcmeConfig config, CertificateStore store) {
        Optional<Shown> own =
                store.certificate(config).map(one -> new Shown(one.certificate(), Shown.Origin.ORDERED, one.since()));
        Optional<Shown> stored = own.or(() -> store.closest(config, Instant.now())
                .map(one -> new Shown(one.certificate(), Shown.Origin.OTHER_NAMES, one.since())));
        return stored.orElseGet(() -> placeholder(config.domains()));
    }

    private static Shown placeholder(List<String> domains) {
        try {
            Instant now = Instant.now();
            KeyPair key = X509Writer.newKey();
            X509Writer.Draft draft =
                    new X509Writer.Draft(domains, domains.get(0), now.minusSeconds(1), now.plus(PLACEHOLDER_LIFE));
            return new Shown(
                    new ServerCertificate(
                            List.of(X509Writer.certificate(draft, key.getPublic(), key.getPrivate())),
                            key.getPrivate()),
                    Shown.Origin.PLACEHOLDER,
                    now);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java makes no EC keys", e);
        }
    }
}
