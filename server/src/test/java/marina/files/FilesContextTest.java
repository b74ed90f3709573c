package marina.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a files context answers, as clients see it. */
class FilesContextTest {
    private static final String TEXT = "0123456789".repeat(200);

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() {
        MarinaUnderTest.write(base, "site/index.html", "<h1>home</h1>");
        MarinaUnderTest.write(base, "site/docs/index.html", "<h1>docs</h1>");
        MarinaUnderTest.write(base, "site/text.txt", TEXT);
        MarinaUnderTest.write(base, "site/empty.css", "");
        MarinaUnderTest.write(base, "site/bare/file.txt", "x");
        marina = MarinaUnderTest.start(base, "contexts: { /site: { files: site } }");
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    @ParameterizedTest
    @CsvSource({
        "a.html, text/html; charset=utf-8",
        "a.css, text/css; charset=utf-8",
        "a.txt, text/plain; charset=utf-8",
        "a.js, text/javascript; charset=utf-8",
        "a.json, application/json",
        "a.png, image/png",
        "a.jpg, image/jpeg",
        "a.gif, image/gif",
        "a.svg, image/svg+xml",
        "a.pdf, application/pdf",
        "a.wasm, application/wasm",
        "a.unheard-of, ''",
    })
    void theTypeComesFromTheExtension(String name, String type) {
        MarinaUnderTest.write(base, "site/" + name, "content");

        HttpResponse<String> response = marina.get("/site/" + name);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "a b.txt, a%20b.txt",
        "what?.txt, what%3F.txt",
        "no#1.txt, no%231.txt",
        "a;b.txt, a%3Bb.txt",
        "100%.txt, 100%25.txt",
        "a%20b.txt, a%2520b.txt",
        "[x]{y}|^.txt, %5Bx%5D%7By%7D%7C%5E.txt",
        "ü.txt, %C3%BC.txt",
        "a+b (1).txt, a+b%20(1).txt",
    })
    void aNameIsFoundHoweverItHasToBeSpelt(String name, String spelt) {
        MarinaUnderTest.write(base, "site/" + name, name);

        assertThat(RawClient.get(marina.uri(""), "/site/" + spelt)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void anUnchangedFileIsNotSentAgain() {
        HttpResponse<String> first = marina.get("/site/text.txt");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        String date = first.headers().firstValue("Last-Modified").orElseThrow();

        assertThat(marina.get("/site/text.txt", "If-None-Match", "\"x\", W/" + tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(marina.get("/site/text.txt", "If-None-Match", "*").statusCode())
                .isEqualTo(304);
        assertThat(marina.get("/site/text.txt", "If-Modified-Since", date).statusCode())
                .isEqualTo(304);
        assertThat(marina.get("/site/text.txt", "If-None-Match", "\"x\"", "If-Modified-Since", date)
                        .statusCode())
                .isEqualTo(200);
        assertThat(marina.get("/site/text.txt", "If-Match", "\"x\"").statusCode())
                .isEqualTo(412);
        assertThat(marina.get("/site/text.txt", "If-Match", tag).statusCode()).isEqualTo(200);
        assertThat(marina.get("/site/text.txt", "If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")
                        .statusCode())
                .isEqualTo(412);
        assertThat(marina.get("/site/text.txt", "If-Modified-Since", "yesterday")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void partsAreSentWhenTheyAreAskedFor() {
        HttpResponse<String> part = marina.get("/site/text.txt", "Range", "bytes=5-7");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("567");
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 5-7/2000");

        HttpResponse<String> parts = marina.get("/site/text.txt", "Range", "bytes=0-1,-2");
        assertThat(parts.statusCode()).isEqualTo(206);
        assertThat(parts.headers().firstValue("Content-Type").orElse("")).startsWith("multipart/byteranges; boundary=");
        assertThat(parts.body())
                .contains("Content-Range: bytes 0-1/2000\r\n\r\n01\r\n--", "bytes 1998-1999/2000\r\n\r\n89\r\n--")
                .endsWith("--\r\n");

        HttpResponse<String> beyond = marina.get("/site/text.txt", "Range", "bytes=2000-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.headers().firstValue("Content-Range")).contains("bytes */2000");
        assertThat(marina.get("/site/empty.css", "Range", "bytes=0-1").statusCode())
                .isEqualTo(416);
    }

    @Test
    void aPartOfAnotherStateIsNotSent() {
        String tag = marina.get("/site/text.txt").headers().firstValue("ETag").orElseThrow();

        assertThat(marina.get("/site/text.txt", "Range", "bytes=0-1", "If-Range", tag)
                        .statusCode())
                .isEqualTo(206);
        assertThat(marina.get("/site/text.txt", "Range", "bytes=0-1", "If-Range", "\"old\"")
                        .statusCode())
                .isEqualTo(200);
        assertThat(marina.get("/site/text.txt", "Range", "bytes=0-1", "If-Range", "Sun, 06 Nov 1994 08:49:37 GMT")
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "'gzip, br', br",
        "'gzip;q=1, br;q=0.5', gzip",
        "'br;q=0, gzip', gzip",
        "'br;q=0, zstd', zstd",
        "'*', br",
        "'*;q=0', ''",
        "'identity', ''",
        "'br;q=nonsense', ''",
    })
    void precompressedSiblingsAreSentToThoseWhoTakeThem(String accepted, String coding) {
        MarinaUnderTest.write(base, "site/app.js", TEXT);
        MarinaUnderTest.write(base, "site/app.js.br", "br");
        MarinaUnderTest.write(base, "site/app.js.gz", "gzip");
        MarinaUnderTest.write(base, "site/app.js.zst", "zstd");

        HttpResponse<String> response = marina.get("/site/app.js", "Accept-Encoding", accepted);

        assertThat(response.headers().firstValue("Content-Encoding").orElse("")).isEqualTo(coding);
        assertThat(response.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(response.headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(response.body()).isEqualTo(coding.isEmpty() ? TEXT : coding);
    }

    @Test
    void aSiblingThatIsOlderThanItsFileIsNotUsed() throws IOException {
        MarinaUnderTest.write(base, "site/app.bin.gz", "old");
        MarinaUnderTest.write(base, "site/app.bin", "new");
        Files.setLastModifiedTime(
                base.resolve("site/app.bin.gz"), FileTime.from(Instant.now().minusSeconds(60)));

        assertThat(marina.get("/site/app.bin", "Accept-Encoding", "gzip").body())
                .isEqualTo("new");
    }

    @Test
    void smallTextsAreCompressedWithoutASibling() throws Exception {
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(marina.uri("/site/text.txt"))
                                .header("Accept-Encoding", "gzip")
                                .build(),
                        BodyHandlers.ofByteArray());

        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(response.body().length).isLessThan(TEXT.length() / 10);
        try (InputStream content = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(TEXT);
        }
    }

    @Test
    void foldersAreTheirIndexOrNothing() {
        HttpResponse<String> redirect = marina.get("/site/docs?a=b%20c");
        assertThat(redirect.statusCode()).isEqualTo(301);
        assertThat(redirect.headers().firstValue("Location")).contains("/site/docs/?a=b%20c");
        assertThat(marina.get("/site/docs/").body()).isEqualTo("<h1>docs</h1>");
        assertThat(marina.get("/site/").body()).isEqualTo("<h1>home</h1>");
        assertThat(marina.get("/site/bare").statusCode()).isEqualTo(404);
        assertThat(marina.get("/site/bare/").statusCode()).isEqualTo(404);
    }

    @Test
    void onlyGetAndHeadAreAnswered() {
        HttpResponse<String> post = marina.post("/site/text.txt", "x");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");

        String head = RawClient.exchange(marina.uri("/"), "HEAD", "/site/text.txt");
        assertThat(head)
                .startsWith("HTTP/1.1 200")
                .contains("Content-Length: 2000")
                .endsWith("\r\n\r\n");
    }

    @Test
    void anEditShowsWithinASecondAndADeletionToo() throws IOException {
        MarinaUnderTest.write(base, "site/edited.txt", TEXT);
        assertThat(marina.get("/site/edited.txt").body()).isEqualTo(TEXT);
        MarinaUnderTest.write(base, "site/edited.txt", TEXT.replace('0', 'x'));
        await().atMost(Duration.ofSeconds(1))
                .until(() -> marina.get("/site/edited.txt").body().startsWith("x123"));

        Files.delete(base.resolve("site/edited.txt"));
        await().atMost(Duration.ofSeconds(1))
                .until(() -> marina.get("/site/edited.txt").statusCode() == 404);

        MarinaUnderTest.write(base, "site/edited.txt", "back");
        await().atMost(Duration.ofSeconds(1))
                .until(() -> marina.get("/site/edited.txt").body().equals("back"));
    }

    @Test
    void aFileOfFiveGigabytesIsSentInParts() throws IOException {
        long size = 5L << 30;
        try (RandomAccessFile file =
                new RandomAccessFile(base.resolve("site/disk.img").toFile(), "rw")) {
            file.setLength(size);
            file.seek(size - 3);
            file.write("end".getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(marina.get("/site/disk.img", "Range", "bytes=-4").body()).isEqualTo("\0end");
        assertThat(RawClient.exchange(marina.uri("/"), "HEAD", "/site/disk.img"))
                .contains("Content-Length: " + size);
    }

    @Test
    void aFileThatBecomesShorterWhileItIsSentBreaksTheConnectionOff() throws IOException {
        Path file = base.resolve("site/big.bin");
        try (RandomAccessFile big = new RandomAccessFile(file.toFile(), "rw")) {
            big.setLength(64 << 20);
            try (Socket socket =
                    new Socket(marina.uri("/").getHost(), marina.uri("/").getPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream()
                        .write("GET /site/big.bin HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readNBytes(1_000);
                big.setLength(1 << 20);

                long rest = socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());

                assertThat(rest).isLessThan(64 << 20);
            }
        }
        assertThat(marina.get("/site/").statusCode()).isEqualTo(200);
    }
}
