package marina.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a page, a style or a script loads at its own server. */
class ReferencesTest {
    private static final URI PAGE = URI.create("http://host:8080/shop/page");

    private static List<String> of(String type, String text) {
        return References.of(PAGE, type, text).stream()
                .map(url -> url.toString().replace("http://host:8080", ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "<img src=a.png> | /shop/a.png",
                "<IMG SRC='/a.png'> | /a.png",
                "<img alt='>' src = \"a b.png#x\" /> | /shop/a%20b.png",
                "<link rel='preload stylesheet' href=a.css?v=1&amp;w=2> | /shop/a.css?v=1&w=2",
                "<link rel=canonical href=/other> | ~~",
                "<a href=/other>x</a> | ~~",
                "<script src=//host:8080/a.js></script> | /a.js",
                "<script src=//host/a.js></script> | ~~",
                "<script>'<img src=a.png>'</SCRIPT><img src=b.png> | /shop/b.png",
                "<!-- <img src=a.png> --><img src=b.png> | /shop/b.png",
                "<base href=/root/><img src=a.png> | /root/a.png",
                "<p style='background: url(\"a.png\")'> | /shop/a.png",
                "<img src=page> | ~~",
                "<img src='java script:%'> | ~~",
                "<img src=grüße.png> | /shop/gr%C3%BC%C3%9Fe.png",
                "<img src='a.png | ~~",
                "<img src=a.png> <img src=b.png | /shop/a.png",
                "<img src | ~~",
                "< img src=a.png> | ~~",
            })
    void ofPages(String html, String wanted) {
        assertThat(String.join(" ", of("text/html", html))).isEqualTo(wanted);
    }

    @Test
    void ofImagesInSeveralSizes() {
        assertThat(of("text/html", "<source srcset='a.avif 1x, b.avif 2x'><video src=v.mp4 poster=p.jpg>"))
                .containsExactly("/shop/a.avif", "/shop/b.avif", "/shop/v.mp4", "/shop/p.jpg");
    }

    @Test
    void ofStyles() {
        assertThat(of(
                        "text/css",
                        "@import 'a.css'; @import url( b.css ); x { y: URL('c.png'), url(\"d.png\") }"
                                + " /* url(e.png)\n */ z { w: url(data:image/png;base64,AA) }"))
                .containsExactly("/shop/a.css", "/shop/b.css", "/shop/c.png", "/shop/d.png");
    }

    @Test
    void ofScripts() {
        assertThat(of(
                        "text/javascript",
                        "import a from './a.js'; export { b } from \"../b.js\"; import '/c.js';"
                                + " const d = await import('./d.js'); import e from 'e'; fetch('/f.json')"))
                .containsExactly("/shop/a.js", "/b.js", "/c.js", "/shop/d.js");
    }

    @Test
    void ofSomethingElse() {
        assertThat(of("image/svg+xml", "<image href='a.png'/>")).isEmpty();
    }

    @Test
    void ofALargePageInGoodTime() {
        String page = "<img src=a.png ".repeat(200_000) + "><style>" + "url( ".repeat(200_000) + "/* ".repeat(200_000);
        assertThat(of("text/html", page)).containsExactly("/shop/a.png");
    }
}
