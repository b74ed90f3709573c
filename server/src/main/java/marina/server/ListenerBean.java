package marina.server;

import java.time.Instant;
import java.util.List;

/** A listener in JMX. */
record ListenerBean(Listener listener, Listeners listeners) implements ListenerMXBean {
    @Override
    public String getUrl() {
        return listener.url().toString();
    }

    @Override
    public int getConnections() {
        return listener.connector().getConnectedEndPoints().size();
    }

    @Override
    public List<String> getCertificates() {
        return listener.tls().map(ServerTls::describe).orElse(List.of());
    }

    @Override
    public long getCertificateDaysLeft() {
        return listener.tls().map(tls -> tls.daysLeft(Instant.now())).orElse(-1L);
    }

    @Override
    public List<String> getAcme() {
        return listener.config()
                .tls()
                .acme()
                .map(ordered -> listeners.status(ordered).describe())
                .toList();
    }

    @Override
    public void retryOrders() {
        listener.config().tls().acme().forEach(listeners::retry);
    }
}
