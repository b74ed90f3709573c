package marina.files;

import org.eclipse.jetty.http.HttpDateTime;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Conditional requests (RFC 9110 section 13), in the order of its section 13.2.2. Pure. */
final class Preconditions {

    private Preconditions() {}

    /** 412, 304, or 200 when the request is to be answered as if it had no condition. */
    static int evaluate(HttpFields request, Representation selected, long modifiedSeconds) {
        String ifMatch = list(request, HttpHeader.IF_MATCH);
        if (ifMatch != null) {
            if (!(names(ifMatch, selected.etag())
                    && (!selected.isWeak() || ifMatch.trim().equals("*")))) {
                return HttpStatus.PRECONDITION_FAILED_412;
            }
        } else if (modifiedSeconds > seconds(request, HttpHeader.IF_UNMODIFIED_SINCE, Long.MAX_VALUE)) {
            return HttpStatus.PRECONDITION_FAILED_412;
        }
        String ifNoneMatch = list(request, HttpHeader.IF_NONE_MATCH);
        boolean unchanged = ifNoneMatch != null
                ? namesWeakly(ifNoneMatch, selected.etag())
                : modifiedSeconds <= seconds(request, HttpHeader.IF_MODIFIED_SINCE, Long.MIN_VALUE);
        return unchanged ? HttpStatus.NOT_MODIFIED_304 : HttpStatus.OK_200;
    }

    /** Whether a range is wanted of what the client has a part of already (RFC 9110 section 13.1.5). */
    static boolean rangeApplies(HttpFields request, Representation selected, long modifiedSeconds) {
        String condition = request.get(HttpHeader.IF_RANGE);
        if (condition == null) {
            return true;
        }
        if (condition.indexOf('"') >= 0) {
            return !selected.isWeak() && condition.trim().equals(selected.etag());
        }
        return modifiedSeconds == seconds(request, HttpHeader.IF_RANGE, Long.MIN_VALUE);
    }

    private static @Nullable String list(HttpFields request, HttpHeader name) {
        return request.contains(name) ? String.join(",", request.getValuesList(name)) : null;
    }

    /** Our tags hold no comma, so one that does is cut into pieces that match nothing. */
    private static boolean names(String list, String etag) {
        for (String item : list.split(",", -1)) {
            String tag = item.trim();
            if (tag.equals(etag) || tag.equals("*")) {
                return true;
            }
        }
        return false;
    }

    private static boolean namesWeakly(String list, String etag) {
        String opaque = withoutWeakness(etag);
        for (String item : list.split(",", -1)) {
            String tag = item.trim();
            if (tag.equals("*") || withoutWeakness(tag).equals(opaque)) {
                return true;
            }
        }
        return false;
    }

    private static String withoutWeakness(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /** A date that nobody can read is no condition. */
    private static long seconds(HttpFields request, HttpHeader name, long absent) {
        String date = request.get(name);
        if (date == null) {
            return absent;
        }
        try {
            return HttpDateTime.parse(date).toEpochSecond();
        } catch (IllegalArgumentException e) {
            return absent;
        }
    }
}
