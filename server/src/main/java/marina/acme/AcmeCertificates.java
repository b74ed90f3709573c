package marina.acme;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import marina.config.AcmeConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that Marina orders itself. There is always one to show, so no start waits for an authority and none fails
 * because of it; orders run one after the other on a thread of their own. Two listeners for the same names share one. Changed
 * by one thread at a time; reading is thread-safe.
 */
public final class AcmeCertificates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AcmeCertificates.class);
    private static final int PATIENCE_SECONDS = 2;

    private final CertificateStore store;
    private final Challenges challenges;
    private final RetryPace pace;
    private final Runnable exchanged;
    private final Map<Names, Tended> tended = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor thread;

    /**
     * Keeps none yet.
     *
     * @param folder where certificates and keys are kept; made when the first one comes
     * @param challenges what authorities are answered from
     * @param pace of tries after failures
     * @param exchanged told, on the thread of the orders, when a certificate has come
     */
    public AcmeCertificates(Path folder, Challenges challenges, RetryPace pace, Runnable exchanged) {
        this.store = new CertificateStore(folder);
        this.challenges = challenges;
        this.pace = pace;
        this.exchanged = exchanged;
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "marina-acme");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /** What to show to clients now: what is stored, else a placeholder. Orders nothing. */
    public Shown shown(AcmeConfig config) {
        return certificate(config).kept.shown();
    }

    /** How it is doing. */
    public AcmeStatus status(AcmeConfig config) {
        return certificate(config).kept.status();
    }

    /** From now on these are ordered and renewed, and no others. */
    public void keep(Collection<AcmeConfig> wanted) {
        Set<Names> names = new HashSet<>();
        for (AcmeConfig config : wanted) {
            if (names.add(Names.of(config))) {
                certificate(config).kept.follow(config);
                certificate(config).begin();
            }
        }
        tended.forEach((name, one) -> {
            if (!names.contains(name) && tended.remove(name, one)) {
                one.end();
            }
        });
    }

    /** Tries again now where the last try has failed, unless the authority has asked for a pause. */
    public void retry(AcmeConfig config) {
        Tended one = certificate(config);
        if (!one.kept.status().problem().isEmpty()) {
            one.schedule(Duration.ZERO);
        }
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        tended.values().forEach(Tended::end);
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("An order is still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Tended certificate(AcmeConfig config) {
        return tended.computeIfAbsent(
                Names.of(config),
                names -> new Tended(new KeptCertificate(
                        config, store, new Authority(config.directory(), store, challenges), pace, exchanged)));
    }

    /** What makes two wishes the same certificate. */
    private record Names(Set<String> domains, URI directory) {
        static Names of(AcmeConfig config) {
            return new Names(Set.copyOf(config.domains()), config.directory());
        }
    }

    /** A certificate and its timer. */
    private final class Tended {
        private final KeptCertificate kept;
        private Future<?> next = new CompletableFuture<Void>();
        private boolean begun;

        Tended(KeptCertificate kept) {
            this.kept = kept;
        }

        /** Once. */
        void begin() {
            synchronized (this) {
                if (begun) {
                    return;
                }
                begun = true;
            }
            schedule(Duration.ZERO);
        }

        synchronized void schedule(Duration pause) {
            if (kept.isDropped()) {
                return;
            }
            next.cancel(false);
            try {
                next = thread.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("No timer any more, the server is stopping: {}", e.toString());
            }
        }

        synchronized void end() {
            kept.drop();
            next.cancel(true);
        }

        private void look() {
            Duration pause;
            try {
                pause = kept.look();
            } catch (InterruptedException e) {
                LOG.debug("An order has been given up: nobody wants it any more");
                return;
            } catch (RuntimeException e) {
                LOG.error(
                        "{} was not looked after; next try in a day",
                        List.of(kept.status().domains()),
                        e);
                pause = Duration.ofDays(1);
            }
            schedule(pause);
        }
    }
}
