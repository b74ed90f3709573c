package marina.server;

import java.time.Instant;
import java.util.List;

/** A listener in JMX. */
record ListenerBean(Listener listener) implements ListenerMXBean {
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
}
