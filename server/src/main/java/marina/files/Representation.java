package marina.files;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/**
 * One form of a file: as it is, or in a content coding.
 *
 * @param coding empty for the file as it is
 * @param file where its bytes are
 * @param size of this form
 * @param etag as it is sent
 * @param bytes the content when it is kept in memory; never changed, to be duplicated before use
 * @param fields Content-Length, ETag and Content-Encoding
 */
record Representation(String coding, Path file, long size, String etag, @Nullable ByteBuffer bytes, Fields fields) {

    /**
     * Fields that are the same in each answer.
     *
     * @param coding null for a file as it is
     */
    record Fields(HttpField etag, HttpField length, @Nullable HttpField coding) {}

    static Representation of(String coding, Path file, long size, String etag, @Nullable ByteBuffer bytes) {
        Fields fields = new Fields(
                new PreEncodedHttpField(HttpHeader.ETAG, etag),
                new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, size),
                coding.isEmpty() ? null : new PreEncodedHttpField(HttpHeader.CONTENT_ENCODING, coding));
        return new Representation(coding, file, size, etag, bytes, fields);
    }

    boolean isWeak() {
        return etag.startsWith("W/");
    }
}
