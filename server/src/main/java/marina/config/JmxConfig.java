package marina.config;

/**
 * Remote JMX.
 *
 * @param port of the connector on the loopback interface; 0 means local attach only
 */
public record JmxConfig(int port) {}
