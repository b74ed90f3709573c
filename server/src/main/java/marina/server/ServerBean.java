package marina.server;

import java.net.URI;
import java.util.List;

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
    public List<String> reload() {
        return server.reloader().reload().join().messages();
    }
}
