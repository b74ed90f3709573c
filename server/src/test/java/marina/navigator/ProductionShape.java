package marina.navigator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The file that a generator writes for the showcases of dance studios, in its real size: hundreds of tenants, fifty replays, more than a
 * hundred patterns, one of them with two hundred alternatives.
 */
final class ProductionShape {
    private static final List<String> REGIONS = List.of("sjc", "ams", "ord", "dfw", "ewr", "syd", "nrt");
    private static final int CITIES = 54;
    private static final int ALTERNATIVES = 202;

    private final int tenants;

    ProductionShape(int tenants) {
        this.tenants = tenants;
    }

    /** Paths of the events of this machine, without a slash at the end. */
    List<String> events() {
        return IntStream.range(0, tenants - 2)
                .mapToObj(i -> "/showcase/2025/" + city(i) + "/event" + i)
                .toList();
    }

    private static String city(int i) {
        return "city" + i % CITIES;
    }

    /** Writes all that the file names. */
    static NavigatorBed fill(NavigatorBed bed) {
        return bed.passwords()
                .file("public/503.html", "<h1>the page of the application</h1>")
                .file("public/studios/index.html", "all studios")
                .file("public/studios/raleigh.html", "raleigh")
                .file("public/regions/iad/index.html", "region")
                .file("public/assets/app.css", "b { color: red }")
                .file("public/robots.txt", "User-agent: *")
                .program(
                        "script/update_configuration.rb",
                        "cat > received\necho 'Content-Type: text/plain'\necho\necho updated $RAILS_ENV\n")
                .program("script/sync.sh", "echo \"$1 $BUCKET\" >> synced\n")
                .program(
                        "script/init.sh", "cp config/full.yml config/navigator.yml; echo \"$ASSETS\" >> initialized\n");
    }

    /** The whole configuration. */
    String full() {
        return server(false) + auth() + routes() + applications() + hooks("resume") + "managed_processes: []\n"
                + "logging: {format: json}\nmaintenance: {page: /503.html}\n";
    }

    /** What a machine starts with: no tenants and no passwords, the maintenance page, a hook that writes the other one. */
    String maintenance() {
        return server(true) + routes() + hooks("ready") + "maintenance: {enabled: true, page: /503.html}\n";
    }

    private static String server(boolean maintenance) {
        return """
                server:
                  listen: LISTEN
                  hostname: smooth.fly.dev
                  root_path: /showcase
                  static:
                    public_dir: public
                    allowed_extensions: [html, htm, txt, xml, json, css, js, map, png, jpg, gif, svg, ico, pdf, xlsx]
                    try_files: [index.html, .html, .htm]
                    normalize_trailing_slashes: true
                    cache_control: {default: '0', overrides: [{path: /showcase/assets/, max_age: 1y, immutable: true}]}
                  health_check: {path: /up, response: {status: 200, body: OK, headers: {Content-Type: text/plain}}}
                """
                + (maintenance
                        ? ""
                        : """
                          idle: {action: suspend, timeout: 15m}
                          bot_detection: {enabled: true, action: reject}
                          cgi_scripts: [{path: /showcase/update_config, script: script/update_configuration.rb, method: POST,
                                         timeout: 5m, reload_config: config/navigator.yml, env: {RAILS_ENV: production}}]
                        """);
    }

    private static String auth() {
        String cities =
                IntStream.range(0, CITIES).mapToObj(ProductionShape::city).collect(Collectors.joining("|"));
        String pairs = IntStream.range(0, ALTERNATIVES)
                .mapToObj(i -> city(i) + "/event" + i)
                .collect(Collectors.joining("|"));
        StringBuilder patterns = new StringBuilder();
        for (int year = 2021; year <= 2025; year++) {
            patterns.append("    - {pattern: '^/showcase/%d/(?:%s)/?$', action: 'off'}\n".formatted(year, cities));
            patterns.append("    - {pattern: '^/showcase/%d/(?:%s)/public/', action: 'off'}\n".formatted(year, pairs));
        }
        return """
                auth:
                  enabled: true
                  realm: Showcase
                  htpasswd: config/htpasswd
                  public_paths: [/showcase/assets/, /showcase/demo/, /showcase/docs/, /showcase/password/, /showcase/regions/,
                                 /showcase/studios/, /showcase/cable, /showcase/events/console, /showcase/index_date,
                                 /showcase/update_config, /favicon.ico, /robots.txt, /up, '*.css', '*.js', '*.png', '*.jpg',
                                 '*.gif', '*.svg', '*.ico', '*.webp']
                  auth_patterns:
                    - {pattern: '^/$', action: 'off'}
                    - {pattern: '^/showcase/regions/(?:iad|ewr|sjc)/cable$', action: 'off'}
                    - {pattern: '^/showcase/regions/(?:iad|ewr|sjc)/demo/', action: 'off'}
                """
                + patterns;
    }

    private static String routes() {
        List<String> replays = new ArrayList<>(List.of(
                "{path: '^/showcase/.+\\.pdf$', app: smooth-pdf, status: 307}",
                "{path: '^/showcase/.+\\.xlsx$', app: smooth-pdf, status: 307}"));
        for (String region : REGIONS) {
            replays.add("{path: '^/showcase/regions/%s/.+$', region: %s, status: 307}".formatted(region, region));
            for (int year = 2021; year <= 2023; year++) {
                String places = "(?:" + region + "ton|" + region + "ville)";
                replays.add(
                        "{path: '^/showcase/(?:%d)/%s/.+$', region: %s, status: 307}".formatted(year, places, region));
                replays.add("{path: '^/showcase/(?:%d)/(?:%sburg)(?:/.*)?$', region: %s, status: 307}"
                        .formatted(year, region, region));
            }
        }
        return """
                routes:
                  redirects: [{from: '^/$', to: /showcase/studios/}, {from: '^/showcase/demo/?$', to: /showcase/regions/iad/demo/}]
                  rewrites: [{from: '^/assets/(.*)', to: /showcase/assets/$1}, {from: '^/([^/]+\\.(gif|png|txt))$', to: /showcase/$1}]
                  reverse_proxies:
                    - {path: '^/showcase/studios/([a-z]*)/request$', target: 'http://127.0.0.1:1/showcase/studios/$1/request',
                       headers: {X-Forwarded-Host: $host}}
                  fly:
                    replay: [%s]
                """
                .formatted(String.join(",\n             ", replays));
    }

    private String applications() {
        StringBuilder list = new StringBuilder();
        int i = 0;
        for (String event : events()) {
            String city = city(i);
            list.append(
                    "    - {path: %s/, framework: node, var: {database: 2025-%s-event%d}, env: {RAILS_APP_OWNER: %s}}\n"
                            .formatted(event, city, i, city));
            i++;
        }
        return "applications:\n" + NavigatorBed.NODE
                + """
                  startup_timeout: 5s
                  track_websockets: false
                  pools: {max_size: 7, timeout: 5m, start_port: 4000, default_memory_limit: 768M}
                  env: {RAILS_APP_DB: '${database}', DATABASE_URL: 'sqlite3:///data/db/${database}.sqlite3'}
                  tenants:
                    - {path: /showcase/, framework: node, var: {database: index}, env: {RAILS_APP_OWNER: Index}}
                    - {path: /showcase/regions/iad/demo/, framework: node, var: {database: demo}, bot_detection: {enabled: true, action: ignore}}
                """
                + list;
    }

    private static String hooks(String point) {
        return """
                hooks:
                  server:
                    %s: [{command: script/init.sh, timeout: 5m, reload_config: config/navigator.yml, env: {ASSETS: precompiled}}]
                    stop: [{command: script/sync.sh, args: [everything], timeout: 5m, env: {BUCKET: all}}]
                  tenant:
                    stop: [{command: script/sync.sh, args: ['${database}'], timeout: 2m, env: {BUCKET: '${database}'}}]
                """
                .formatted(point);
    }
}
