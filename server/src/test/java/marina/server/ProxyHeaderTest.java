package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header of the PROXY protocol, right and broken, in one piece and byte by byte. */
class ProxyHeaderTest {
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 192.0.2.9 1000 443, /192.0.2.1:1000",
        "PROXY TCP6 2001:db8::1 ::1 1000 443, /[2001:db8:0:0:0:0:0:1]:1000",
        "PROXY UNKNOWN, none",
        "PROXY UNKNOWN 1 2 3 4, none",
    })
    void readsVersion1(String line, String client) throws Exception {
        assertThat(client((line + "\r\n").getBytes(StandardCharsets.US_ASCII))).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource({
        "2111000cc0000201c000020903e801bb, /192.0.2.1:1000",
        "21110013c0000201c000020903e801bb04000400000000, /192.0.2.1:1000",
        "2121002420010db8000000000000000000000001000000000000000000000000000000010001000f, /[2001:db8:0:0:0:0:0:1]:1",
        "20000000, none",
        "2011000cc0000201c000020903e801bb, none",
        "21000000, none",
    })
    void readsVersion2(String rest, String client) throws Exception {
        assertThat(client(HexFormat.of().parseHex(V2 + rest))).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXYTCP4",
                "PROXY TCP4 localhost localhost 1 2\r\n",
                "PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3.256 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 99999 2\r\n",
                "PROXY TCP6 1:zz ::1 1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\nGET",
                "PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n",
                "\r\nPROXY",
            })
    void refusesOtherLines(String text) {
        assertBroken(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(strings = {"31110000", "22110000", "21110002ffff", "21410000", "2111ffff"})
    void refusesOtherBinaryHeaders(String rest) {
        assertBroken(HexFormat.of().parseHex(V2 + rest));
    }

    @ParameterizedTest
    @ValueSource(ints = {107, 3000})
    void refusesALineWithoutEnd(int length) {
        assertBroken(("PROXY TCP4 " + "1".repeat(length)).getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertBroken(byte[] bytes) {
        assertThatThrownBy(() -> ProxyHeader.parse(ByteBuffer.wrap(bytes)))
                .isInstanceOf(ProxyHeader.BrokenException.class);
    }

    /** The client of a header that is followed by a request, also when it comes in pieces. */
    private static String client(byte[] header) throws ProxyHeader.BrokenException {
        for (int length = 0; length < header.length; length++) {
            ByteBuffer piece = ByteBuffer.wrap(header, 0, length);
            assertThat(ProxyHeader.parse(piece)).as(length + " bytes").isEmpty();
            assertThat(piece.position()).isZero();
        }
        ByteBuffer whole = ByteBuffer.allocate(header.length + 3).put(header).put(new byte[] {'G', 'E', 'T'});
        whole.flip();
        Optional<ProxyHeader> read = ProxyHeader.parse(whole);
        assertThat(whole.remaining()).as("what follows").isEqualTo(3);
        return read.orElseThrow()
                .addresses()
                .map(addresses -> addresses.client().toString())
                .orElse("none");
    }
}
