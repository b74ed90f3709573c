package marina.server;

import java.util.Locale;
import java.util.function.Supplier;
import marina.config.ServerConfig;
import marina.config.TrafficLimits;
import marina.metrics.TrafficMeter;

/**
 * Shows in JMX what requests pass.
 *
 * @param config that runs
 * @param guard counts clients
 * @param traffic counts answers
 */
record ValvesBean(Supplier<ServerConfig> config, FrontGuard guard, TrafficMeter traffic) implements ValvesMXBean {
    private static final int CLIENT_ERRORS = 4;
    private static final int SERVER_ERRORS = 5;

    @Override
    public boolean isAuthenticating() {
        ServerConfig now = config.get();
        return now.access().auth().enabled()
                || now.contexts().values().stream()
                        .anyMatch(context -> context.access().auth().enabled());
    }

    @Override
    public String getBots() {
        return config.get().access().bots().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean isClosed() {
        return config.get().pages().isClosed();
    }

    @Override
    public boolean isCompressing() {
        return config.get().access().delivery().compression();
    }

    @Override
    public int getRoutes() {
        return config.get().routes().size();
    }

    @Override
    public int getRate() {
        return rate().requests();
    }

    @Override
    public long getRatePeriodMillis() {
        return rate().period().toMillis();
    }

    @Override
    public int getCountedClients() {
        return guard.rates().clients();
    }

    @Override
    public long getClientErrors() {
        return traffic.status().answers(CLIENT_ERRORS);
    }

    @Override
    public long getServerErrors() {
        return traffic.status().answers(SERVER_ERRORS);
    }

    private TrafficLimits.Rate rate() {
        return guard.limits().rate();
    }
}
