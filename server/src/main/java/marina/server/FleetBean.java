package marina.server;

import java.util.Locale;
import marina.fleet.FleetDns;
import marina.fleet.ReplayDecision.Kind;
import marina.fleet.TargetState;
import marina.valve.Fleet;

/**
 * What JMX shows of a fleet.
 *
 * @param fleet this machine's view of it
 */
record FleetBean(Fleet fleet) implements FleetMXBean {
    @Override
    public String getPlatform() {
        return fleet.platform().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String getApp() {
        return fleet.here().app();
    }

    @Override
    public String getRegion() {
        return fleet.here().region();
    }

    @Override
    public String getMachine() {
        return fleet.here().machine();
    }

    @Override
    public long getServed() {
        return fleet.counters().of(Kind.SERVE);
    }

    @Override
    public long getReplayed() {
        return fleet.counters().of(Kind.REPLAY);
    }

    @Override
    public long getProxied() {
        return fleet.counters().of(Kind.PROXY);
    }

    @Override
    public long getWoken() {
        return fleet.counters().of(Kind.WAKE);
    }

    @Override
    public long getRedirected() {
        return fleet.counters().of(Kind.REDIRECT);
    }

    @Override
    public long getFailed() {
        return fleet.counters().of(Kind.FAILED);
    }

    @Override
    public long getLoops() {
        return fleet.counters().of(Kind.LOOP);
    }

    @Override
    public long getAbsent() {
        return fleet.counters().of(Kind.ABSENT);
    }

    @Override
    public long getRefused() {
        return fleet.counters().of(Kind.REFUSED);
    }

    @Override
    public long getUnknown() {
        return fleet.counters().of(TargetState.UNKNOWN);
    }

    @Override
    public long getDnsQuestions() {
        FleetDns dns = fleet.dns();
        return dns == null ? 0 : dns.asked();
    }

    @Override
    public long getDnsFailures() {
        FleetDns dns = fleet.dns();
        return dns == null ? 0 : dns.failed();
    }

    @Override
    public void dropDns() {
        fleet.dropDns();
    }
}
