package marina.server;

import marina.cable.Cable;

/**
 * What JMX shows of the cable.
 *
 * @param cable of the server
 */
record CableBean(Cable cable) implements CableMXBean {
    @Override
    public int getSockets() {
        return cable.status().sockets();
    }

    @Override
    public int getStreams() {
        return cable.status().streams();
    }

    @Override
    public long getSubscriptions() {
        return cable.status().subscriptions();
    }

    @Override
    public long getBroadcasts() {
        return cable.status().broadcasts();
    }

    @Override
    public long getRefusedBroadcasts() {
        return cable.status().refusedBroadcasts();
    }

    @Override
    public long getDelivered() {
        return cable.status().delivered();
    }

    @Override
    public long getDropped() {
        return cable.status().dropped();
    }

    @Override
    public long getRefusedSockets() {
        return cable.status().refusedSockets();
    }

    @Override
    public long getRefusedSubscriptions() {
        return cable.status().refusedSubscriptions();
    }

    @Override
    public long getCutOff() {
        return cable.status().cutOff();
    }

    @Override
    public boolean isRelayConnected() {
        return cable.status().relayConnected();
    }

    @Override
    public long getRelayLost() {
        return cable.status().relayLost();
    }
}
