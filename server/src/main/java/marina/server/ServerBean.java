package marina.server;

import java.net.URI;
import java.util.List;
import java.util.OptionalInt;

/** The server in JMX. */
record ServerBean(MarinaServer server) implements ServerMXBean {
    @Override
    public String getVersion() {
        return MarinaServer.version();
    }

    @Override
    public long getPid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public long getUptimeMillis() {
        return server.uptimeMillis();
    }

    @Override
    public List<String> getUrls() {
        return server.urls().stream().map(URI::toString).toList();
    }

    @Override
    public int getContexts() {
        return server.host().contexts().size();
    }

    @Override
    public int getRunningBackends() {
        return server.runningBackends();
    }

    @Override
    public int getMaxBackends() {
        return server.maxBackends();
    }

    @Override
    public int getWaitingForRoom() {
        return server.waitingForRoom();
    }

    @Override
    public String getBase() {
        return server.directories().base().toString();
    }

    @Override
    public List<String> findLeaks() {
        return server.findLeaks();
    }

    @Override
    public String getLastReload() {
        return server.reloader()
                .applied()
                .last()
                .map(last -> last.at() + ", " + last.cause() + ": "
                        + String.join("; ", last.outcome().messages()))
                .orElse("");
    }

    @Override
    public List<String> getLastChanges() {
        return server.reloader()
                .applied()
                .last()
                .map(last -> last.outcome().changed())
                .orElse(List.of());
    }

    @Override
    public List<String> getHistory() {
        return server.reloader().applied().history().entries().stream()
                .map(entry -> entry.number() + ", " + entry.at() + ", " + entry.cause())
                .toList();
    }

    @Override
    public List<String> rollback(int number) {
        OptionalInt which = number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
        return server.reloader().rollback(which).join().messages();
    }

    @Override
    public List<String> reload() {
        return server.reloader().reload().join().messages();
    }
}
