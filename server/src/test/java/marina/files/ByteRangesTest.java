package marina.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Range field of a request for 100 bytes asks for. */
class ByteRangesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-9 | 0-9",
                "bytes=90- | 90-99",
                "bytes=-7 | 93-99",
                "bytes=-700 | 0-99",
                "bytes=50-1000 | 50-99",
                "BYTES=1-1 | 1-1",
                "bytes= 0-1 , 4-5,, | 0-1 4-5",
                "bytes=5-6,0-1 | 5-6 0-1",
                "bytes=0-1,200- | 0-1",
                "bytes=100- | none",
                "bytes=-0 | none",
                "bytes=5-2 | ignored",
                "bytes=a-b | ignored",
                "bytes=- | ignored",
                "bytes= | ignored",
                "bytes=1-2-3 | ignored",
                "bytes=--5 | ignored",
                "bytes=99999999999999999999-1 | ignored",
                "items=0-1 | ignored",
                "bytes=0-,0-,0- | ignored",
            })
    void isReadAsTheStandardSays(String field, String expected) {
        assertThat(describe(ByteRanges.parse(field, 100))).isEqualTo(expected);
    }

    @Test
    void manyRangesAreNotHeeded() {
        String many = IntStream.range(0, 40).mapToObj(i -> 2 * i + "-" + 2 * i).collect(Collectors.joining(","));

        assertThat(describe(ByteRanges.parse("bytes=" + many, 100))).isEqualTo("ignored");
    }

    private static String describe(ByteRanges parsed) {
        if (!parsed.asked()) {
            return "ignored";
        }
        return parsed.ranges().isEmpty()
                ? "none"
                : parsed.ranges().stream()
                        .map(range -> range.first() + "-" + range.last())
                        .collect(Collectors.joining(" "));
    }
}
