package marina.it;

/** A fleet of three regions, and a configuration in which something lives in each of them. */
final class Places {
    /**
     * Machines m1 in ewr, m2 in lhr and m3 in nrt, which run, m4 in fra, which sleeps, and in ams something that is no Marina. They
     * do not agree about /split and /ring.
     */
    static final String FLEET =
            """
            regions: { ewr: {}, lhr: {}, nrt: {}, fra: {}, ams: {} }
            from: ewr
            retry_for: 60s
            apps:
              shop:
                services: [{ port: 8000, listen: "127.0.0.1:0", internal_port: 8080 }]
                machine: { marina: base, env: { MARINA_OPTS: "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m" } }
                machines:
                  - { id: m1, region: ewr, env: { SPLIT: lhr, RING: lhr } }
                  - { id: m2, region: lhr, env: { SPLIT: ewr, RING: nrt } }
                  - { id: m3, region: nrt, env: { SPLIT: ewr, RING: ewr } }
                  - { id: m4, region: fra, state: stopped }
            """
                    + plain("m5", "ams");

    /** A Marina in ewr, and programs that are none in lhr, fra and ams. */
    static final String ONE = FLEET.substring(0, FLEET.indexOf("      - { id: m2"))
            + plain("m2", "lhr")
            + plain("m3", "fra")
            + plain("m4", "ams");

    /** What they all read. */
    static final String SERVER =
            """
            listen: "${FLEET_ADDRESS}:8080"
            trusted_proxies: [loopback]
            fleet:
              dns: { server: "${FLEET_DNS}" }
              api: "${FLEET_API}"
              flycast_port: 8000
              cold_start: 30s
              secret: 0123456789abcdef0123456789abcdef
            apps:
              place: { APP, env: { REGION: "${region}", MACHINE: "${machine}" } }
            contexts:
              /lobby: { app: place }
              /ewr: { app: place, region: ewr }
              /lhr: { app: place, region: lhr }
              /nrt: { app: place, region: nrt }
              /fra: { app: place, region: fra }
              /ams: { app: place, region: ams }
              /either: { app: place, regions: [ams, lhr] }
              /split: { app: place, region: "${SPLIT:-lhr}" }
              /ring: { app: place, region: "${RING:-lhr}" }
            """
                    .replace("APP", Apps.node("place.js"));

    private Places() {}

    /** A machine that runs the application and nothing else. */
    private static String plain(String id, String region) {
        return "      - { id: <id>, region: <in>, command: [node, \"<apps>/place.js\"], env: { REGION: <in>, MACHINE: <id> } }\n"
                .replace("<id>", id)
                .replace("<in>", region)
                .replace("<apps>", Apps.FOLDER.toString());
    }
}
