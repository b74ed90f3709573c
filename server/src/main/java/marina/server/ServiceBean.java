package marina.server;

import java.util.Locale;
import marina.host.Service;

/** A service in JMX. */
record ServiceBean(Service service) implements ServiceMXBean {
    @Override
    public String getState() {
        return service.status().state().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public long getPid() {
        return service.status().pid();
    }

    @Override
    public long getRestarts() {
        return service.status().restarts();
    }

    @Override
    public String getReason() {
        return service.status().reason();
    }
}
