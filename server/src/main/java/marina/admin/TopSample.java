package marina.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One look of {@code top}.
 *
 * @param status the answer to GET /status
 * @param rows a row for each context
 * @param nanos when, as {@code System.nanoTime()}
 * @param rate of all requests together, a second; -1 when this is the first look
 */
record TopSample(Map<?, ?> status, List<Row> rows, long nanos, double rate) {
    /** Before the first. */
    static final TopSample NONE = new TopSample(Map.of(), List.of(), 0, -1);

    private static final double NANOS = 1e9;

    /**
     * A context.
     *
     * @param rate requests a second since the look before; -1 when there is none to compare with
     * @param memory of its processes in bytes; 0 for none
     * @param active requests in flight
     */
    record Row(
            String path, String kind, String state, double rate, long requests, long active, long memory, long pid) {}

    static TopSample of(Object status, Object contexts, TopSample before, long now) {
        Map<String, Row> known = new HashMap<>();
        before.rows.forEach(row -> known.put(row.path, row));
        double seconds = before.nanos == 0 ? 0 : (now - before.nanos) / NANOS;
        List<Row> rows = new ArrayList<>();
        double all = 0;
        for (Object element : contexts instanceof Object[] elements ? elements : new Object[0]) {
            Map<?, ?> one = (Map<?, ?>) element;
            String name = one.get("name") instanceof String given ? given : ControlStatus.text(one, "path");
            Row last = known.get(name);
            long requests = number(one, "requests");
            double rate = seconds <= 0 ? -1 : Math.max(0, requests - (last == null ? 0 : last.requests)) / seconds;
            all += Math.max(0, rate);
            rows.add(new Row(
                    name,
                    ControlStatus.text(one, "kind"),
                    ControlStatus.text(one, "state"),
                    rate,
                    requests,
                    number(one, "active_requests"),
                    memory(one),
                    number(one, "pid")));
        }
        return new TopSample(status instanceof Map<?, ?> map ? map : Map.of(), rows, now, seconds <= 0 ? -1 : all);
    }

    /** As the server says it, or as the system does: both run on this machine. */
    private static long memory(Map<?, ?> context) {
        if (context.get("memory") instanceof Number told && told.longValue() > 0) {
            return told.longValue();
        }
        long sum = 0;
        for (Object pid : context.get("pids") instanceof Object[] all ? all : new Object[0]) {
            sum += ProcessMemory.of(((Number) pid).longValue());
        }
        return sum;
    }

    /** The lines above the table. */
    List<String> head() {
        Map<String, Integer> states = new TreeMap<>();
        rows.forEach(row -> states.merge(row.state, 1, Integer::sum));
        StringBuilder counts = new StringBuilder();
        states.forEach(
                (state, count) -> counts.append(counts.isEmpty() ? "" : ", ").append(count + " " + state));
        long most = number(status, "max_backends");
        return List.of(
                "Marina " + ControlStatus.text(status, "version") + ", pid " + ControlStatus.text(status, "pid")
                        + ", up "
                        + time(number(status, "uptime_ms") / 1000) + ", " + rate(rate) + " requests/s, "
                        + size(ProcessMemory.of(number(status, "pid"))),
                rows.size() + " contexts: " + counts + "; processes: " + number(status, "running_backends")
                        + (most == 0 ? "" : " of " + most) + ", waiting: " + number(status, "waiting_for_room"));
    }

    /** The table, its head first. */
    List<List<String>> rows(TopOrder order) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("PATH", "KIND", "STATE", "REQ/S", "REQUESTS", "ACTIVE", "MEMORY", "PID"));
        rows.stream()
                .sorted(order.order())
                .forEach(row -> table.add(List.of(
                        row.path,
                        row.kind,
                        row.state,
                        rate(row.rate),
                        Long.toString(row.requests),
                        Long.toString(row.active),
                        row.memory == 0 ? "-" : size(row.memory),
                        row.pid == 0 ? "-" : Long.toString(row.pid))));
        return table;
    }

    /** For programs. */
    Map<String, Object> toMap(TopOrder order) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("at", Instant.now().toString());
        map.put("requests_per_second", round(rate));
        map.put("memory", ProcessMemory.of(number(status, "pid")));
        map.put("running_backends", number(status, "running_backends"));
        map.put("waiting_for_room", number(status, "waiting_for_room"));
        map.put(
                "contexts",
                rows.stream().sorted(order.order()).map(TopSample::toMap).toArray());
        return map;
    }

    private static Map<String, Object> toMap(Row row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", row.path);
        map.put("kind", row.kind);
        map.put("state", row.state);
        map.put("requests_per_second", round(row.rate));
        map.put("requests", row.requests);
        map.put("active_requests", row.active);
        map.put("memory", row.memory);
        map.put("pid", row.pid);
        return map;
    }

    private static double round(double rate) {
        return Math.max(0, Math.round(rate * 10) / 10.0);
    }

    private static String rate(double rate) {
        return rate < 0 ? "-" : String.format(Locale.ROOT, rate >= 100 ? "%.0f" : "%.1f", rate);
    }

    private static String size(long bytes) {
        return bytes < 10L << 20 ? bytes / 1024 + " KB" : bytes / (1 << 20) + " MB";
    }

    private static String time(long seconds) {
        return seconds < 120
                ? seconds + " s"
                : seconds < 7200
                        ? seconds / 60 + " min"
                        : seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }

    private static long number(Map<?, ?> json, String key) {
        return json.get(key) instanceof Number number ? number.longValue() : 0;
    }
}
