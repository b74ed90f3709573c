package marina.server;

import marina.vector.LineShipper;

/**
 * What JMX shows of the lines for Vector.
 *
 * @param shipper sends them
 */
record VectorBean(LineShipper shipper) implements VectorMXBean {
    @Override
    public boolean isConnected() {
        return shipper.status().connected();
    }

    @Override
    public int getWaiting() {
        return shipper.status().waiting();
    }

    @Override
    public long getSent() {
        return shipper.status().sent();
    }

    @Override
    public long getDropped() {
        return shipper.status().dropped();
    }
}
