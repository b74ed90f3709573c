package marina.admin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A running Marina as it describes itself on the control socket.
 *
 * @param pid its process id
 * @param urls where it answers
 * @param consoles where operators are answered
 * @param contexts how many are mounted
 * @param uptimeMillis since its start
 */
record ControlStatus(long pid, List<String> urls, List<String> consoles, long contexts, long uptimeMillis) {

    static ControlStatus of(ControlClient.Answer answer) {
        Map<?, ?> json = (Map<?, ?>) answer.json();
        long contexts = json.get("contexts") instanceof Map<?, ?> counts ? number(counts, "total") : 0;
        List<String> consoles = strings(json, "admin_urls");
        return new ControlStatus(
                number(json, "pid"), strings(json, "urls"), consoles, contexts, number(json, "uptime_ms"));
    }

    /** Where all contexts are. */
    static final String CONTEXTS = "/contexts?limit=1000000";

    /** What an answer says in words. */
    static List<String> messages(ControlClient.Answer answer) {
        return strings((Map<?, ?>) answer.json(), "messages");
    }

    /** What a reload has changed. */
    static List<String> changes(ControlClient.Answer answer) {
        return strings((Map<?, ?>) answer.json(), "changed");
    }

    /** How many processes run, of how many, and how many wait: from the answer to GET /status. */
    static String room(ControlClient.Answer answer) {
        Map<?, ?> json = (Map<?, ?>) answer.json();
        long most = number(json, "max_backends");
        return "Processes of contexts: " + number(json, "running_backends") + " run"
                + (most == 0 ? "" : " of " + most + " (limits.backends)") + ", " + number(json, "waiting_for_room")
                + " wait for room";
    }

    /** The answer to GET /contexts as rows, with a head. */
    static List<List<String>> contextTable(ControlClient.Answer answer) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("URL", "KIND", "STATE", "PID", "REQUESTS", "REASON"));
        for (Object element : items(answer)) {
            Map<?, ?> context = (Map<?, ?>) element;
            String pid = number(context, "pid") == 0 ? "-" : Long.toString(number(context, "pid"));
            rows.add(List.of(
                    text(context, "url"),
                    text(context, "description") + versionOf(context),
                    state(context),
                    pid,
                    Long.toString(number(context, "requests")),
                    reason(context)));
        }
        return rows;
    }

    /** The contexts in the answer to GET /contexts. */
    static Object[] items(ControlClient.Answer answer) {
        return ((Map<?, ?>) answer.json()).get("items") instanceof Object[] items ? items : new Object[0];
    }

    /** {@code ready}, and {@code ready 2/3} where several instances may run. */
    private static String state(Map<?, ?> context) {
        long instances = number(context, "instances");
        String several = instances > 1 ? " " + number(context, "ready_instances") + "/" + instances : "";
        return text(context, "state") + several;
    }

    /** Which of several versions it is: {@code , /shop##2, 3 sessions}. */
    private static String versionOf(Map<?, ?> context) {
        boolean older = !text(context, "name").equals(text(context, "path"));
        if (!older && text(context, "version").isEmpty()) {
            return "";
        }
        long sessions = number(context, "sessions");
        String count = sessions < 0 ? "sessions unknown" : sessions + (sessions == 1 ? " session" : " sessions");
        return ", " + text(context, "path") + "##" + text(context, "version") + ", " + count;
    }

    private static String reason(Map<?, ?> context) {
        boolean noBackup = context.get("backup_failure") instanceof String failure && !failure.isEmpty();
        return text(context, "reason").isEmpty() && noBackup
                ? "no backup: " + text(context, "backup_failure")
                : text(context, "reason");
    }

    static String text(Map<?, ?> json, String key) {
        return String.valueOf(json.get(key));
    }

    private static long number(Map<?, ?> json, String key) {
        return json.get(key) instanceof Number number ? number.longValue() : 0;
    }

    private static List<String> strings(Map<?, ?> json, String key) {
        return json.get(key) instanceof Object[] values
                ? Arrays.stream(values).map(String::valueOf).toList()
                : List.of();
    }
}
