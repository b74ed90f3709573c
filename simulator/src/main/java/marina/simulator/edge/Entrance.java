package marina.simulator.edge;

import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.Service;

/**
 * An address at which the edge takes requests for a service of an app.
 *
 * @param flycast whether it is the private address, for other apps of the organisation
 * @param host where it listens
 * @param port where it listens; 0 is any free port
 */
record Entrance(App app, Service service, boolean flycast, String host, int port) {

    /** The name of its connector, by which requests find it. */
    String name() {
        return app.name() + ":" + service.port() + (flycast ? ":flycast" : "");
    }
}
