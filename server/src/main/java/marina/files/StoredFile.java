package marina.files;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * A file with its forms, as it was when it was last looked at. Immutable.
 *
 * @param stamps of the file and of its precompressed siblings: while they stay the same, so does the file
 * @param modifiedSeconds since 1970, as it is sent
 * @param contentType null when nobody knows
 * @param lastModified the field
 * @param representations the file as it is first
 */
record StoredFile(
        List<FileStamp> stamps,
        long modifiedSeconds,
        @Nullable HttpField contentType,
        HttpField lastModified,
        List<Representation> representations) {

    /** Bytes that it keeps in memory. */
    long weight() {
        long weight = 0;
        for (Representation representation : representations) {
            weight += representation.bytes() == null ? 0 : representation.size();
        }
        return weight;
    }

    /** Whether the answer depends on Accept-Encoding. */
    boolean varies() {
        return representations.size() > 1;
    }

    /** The form that suits a client best: of those that it wants most, the smallest. */
    Representation select(HttpFields request) {
        Representation best = representations.get(0);
        int bestQuality = 0;
        for (int i = 1; i < representations.size(); i++) {
            Representation candidate = representations.get(i);
            int quality = Codings.quality(request, candidate.coding());
            if (quality > bestQuality || (quality > 0 && quality == bestQuality && candidate.size() < best.size())) {
                best = candidate;
                bestQuality = quality;
            }
        }
        return best;
    }
}
