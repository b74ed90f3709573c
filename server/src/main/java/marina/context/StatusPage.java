package marina.context;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.util.StringUtil;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * What Marina itself answers with, as a page for people, as plain text or as JSON. Immutable.
 *
 * @param status of HTTP
 * @param title in a word or two
 * @param detail sentences for people
 * @param facts more for programs: names and values of JSON types
 */
record StatusPage(int status, String title, String detail, Map<String, Object> facts) {
    private static final String STYLE = ":root{color-scheme:light dark}"
            + "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}"
            + "h1{font-size:1.4rem;margin:0 0 .5rem}p{opacity:.8;margin:0;overflow-wrap:anywhere}";

    /** A page without further facts. */
    StatusPage(int status, String title, String detail) {
        this(status, title, detail, Map.of());
    }

    String html() {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" + escaped(title)
                + "</title><style>" + STYLE + "</style></head><body><main><h1>" + escaped(title) + "</h1><p>"
                + escaped(detail) + "</p></main></body></html>\n";
    }

    String text() {
        return status + " " + title + (detail.isEmpty() ? "" : "\n" + detail) + "\n";
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("status", status);
        all.put("error", title);
        all.put("message", detail);
        all.putAll(facts);
        return new JSON().toJSON(all) + "\n";
    }

    private static String escaped(String text) {
        return StringUtil.sanitizeXmlString(text);
    }
}
