package marina.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A form of access-log lines that is written with percent signs. Tomcat's and Jetty's forms share most of their codes; a pattern
 * is Jetty's when it has a code that only Jetty knows, or says so: {@code jetty:%I}. Immutable.
 *
 * @param isJettys whether Jetty's CustomRequestLog is to read it
 * @param text the pattern, without the word that says whose it is
 * @param pieces what it is made of; empty for Jetty's
 */
public record AccessPattern(boolean isJettys, String text, List<Piece> pieces) {
    /** Tomcat's form of this name. */
    public static final String COMMON = "%h %l %u %t \"%r\" %s %b";

    /** Tomcat's form of this name. */
    public static final String COMBINED = COMMON + " \"%{Referer}i\" \"%{User-Agent}i\"";

    private static final String JETTY = "jetty:";
    private static final String TOMCAT = "tomcat:";
    private static final String BARE = "aAbBDFhHIlmpqrsStTuUvX%";
    private static final String NAMED = "iocrstpaTM";
    private static final String ONLY_JETTYS = "COefkPR";
    private static final List<String> JETTYS_ADDRESSES = List.of("client", "server", "local");
    private static final List<String> FACTS =
            List.of("context", "kind", "answer", "fleet", "wait", "upstream", "in", "out", "duration", "id", "uri");

    /** Copies its list. */
    public AccessPattern {
        pieces = List.copyOf(pieces);
    }

    /**
     * A part of a line.
     *
     * @param code the letter behind the percent sign; a space for a text
     * @param text that text, or the name in braces; empty when there is none
     */
    public record Piece(char code, String text) {
        /** Whether it is written as it is. */
        public boolean isText() {
            return code == ' ';
        }
    }

    /** Whether it has this code, whatever the name. */
    public boolean has(char code) {
        return pieces.stream().anyMatch(piece -> piece.code == code);
    }

    /**
     * Reads a pattern.
     *
     * @throws BadText when nobody would understand it
     */
    public static AccessPattern parse(String written) {
        boolean tomcats = written.startsWith(TOMCAT);
        boolean jettys = written.startsWith(JETTY);
        String text = tomcats || jettys ? written.substring(written.indexOf(':') + 1) : written;
        if (text.isBlank()) {
            throw BadText.of("has no pattern behind the colon; write e.g. " + TOMCAT + COMMON);
        }
        List<Piece> pieces = split(text);
        if (jettys || (!tomcats && pieces.stream().anyMatch(AccessPattern::isOnlyJettys))) {
            return new AccessPattern(true, text, List.of());
        }
        pieces.forEach(AccessPattern::check);
        return new AccessPattern(false, text, pieces);
    }

    private static List<Piece> split(String text) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '%') {
                plain.append(c);
                continue;
            }
            String name = "";
            if (at < text.length() && text.charAt(at) == '{') {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw BadText.of("has a { without a }; write e.g. %{Referer}i");
                }
                name = text.substring(at + 1, end);
                at = end + 1;
            }
            if (at >= text.length()) {
                throw BadText.of("ends with a % and nothing behind it; write %% for a percent sign");
            }
            if (!plain.isEmpty()) {
                pieces.add(new Piece(' ', plain.toString()));
                plain.setLength(0);
            }
            char code = text.charAt(at++);
            if (text.startsWith("attr", at - 1) || text.startsWith("ti", at - 1) || text.startsWith("to", at - 1)) {
                code = 'R'; // words of Jetty's
            }
            pieces.add(new Piece(code, name));
        }
        if (!plain.isEmpty()) {
            pieces.add(new Piece(' ', plain.toString()));
        }
        return pieces;
    }

    private static boolean isOnlyJettys(Piece piece) {
        return ONLY_JETTYS.indexOf(piece.code) >= 0
                || (piece.code == 'a' && JETTYS_ADDRESSES.contains(piece.text))
                || (piece.code == 'p' && (piece.text.equals("client") || piece.text.equals("server")))
                || (piece.code == 't' && piece.text.contains("|"));
    }

    private static void check(Piece piece) {
        if (piece.isText()) {
            return;
        }
        String codes = piece.text.isEmpty() ? BARE : NAMED;
        if (codes.indexOf(piece.code) < 0) {
            String shown = piece.text.isEmpty() ? "%" + piece.code : "%{" + piece.text + "}" + piece.code;
            throw BadText.of(
                    "has " + shown + ", which is nothing that is known of a request; docs/operations.md lists what is");
        }
        if (piece.code == 'M' && !FACTS.contains(piece.text)) {
            throw BadText.of("has %{" + piece.text + "}M; write one of " + String.join(", ", FACTS)
                    + Suggestion.among(FACTS, piece.text));
        }
        if (piece.code == 't' && !piece.text.isEmpty()) {
            TimeForm.check(piece.text);
        }
    }

    /** How times are written: {@code sec}, {@code msec}, or a pattern of letters. */
    private static final class TimeForm {
        static void check(String form) {
            String bare =
                    form.startsWith("begin:") || form.startsWith("end:") ? form.substring(form.indexOf(':') + 1) : form;
            try {
                if (!List.of("sec", "msec", "msec_frac").contains(bare)) {
                    var unused = java.time.format.DateTimeFormatter.ofPattern(bare, java.util.Locale.ROOT);
                }
            } catch (IllegalArgumentException e) {
                throw BadText.of("has %{" + form + "}t, which is no form of a time: " + e.getMessage());
            }
        }
    }
}
