package marina.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Markdown becomes pages whose links hold, and what leads nowhere is told. */
class SiteTest {
    @TempDir
    private Path repository;

    @BeforeEach
    void write() throws IOException {
        write(
                "README.md",
                "# Home\n\nSee [the manual](docs/manual.md#two-words), [why](docs/adr) and [a sample](conf/a.yml).\n");
        write(
                "docs/manual.md",
                "# Manual\n\n## Two words\n\nA `<b>` here.\n\n## Two words\n\n### The `${key}`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        write("docs/adr/0001-first.md", "# 1. First\n");
        write("conf/a.yml", "listen: 8080\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = repository.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, text);
    }

    @Test
    void linksLeadToPagesHeadingsFoldersAndFiles() throws IOException {
        Site site = Site.read(repository);
        assertThat(site.problems()).isEmpty();
        Path output = repository.resolve("out");
        site.write(output);
        assertThat(output.resolve("index.html"))
                .content()
                .contains("href=\"docs/manual.html#two-words\"", "href=\"docs/adr/index.html\"", "href=\"conf/a.yml\"");
        assertThat(output.resolve("docs/manual.html"))
                .content()
                .contains(
                        "<h2 id=\"two-words\">",
                        "<h2 id=\"two-words-1\">",
                        "<table>",
                        "href=\"#the-key\">The ${key}<",
                        "&lt;b&gt;",
                        "href=\"../site.css\"");
        assertThat(output.resolve("docs/adr/index.html")).content().contains("href=\"0001-first.html\">1. First</a>");
        assertThat(output.resolve("conf/a.yml")).hasContent("listen: 8080");
        assertThat(output.resolve("search-index.js"))
                .content()
                .contains("[\"docs/manual.html#two-words\",\"Manual\",\"Two words\"")
                .doesNotContain("<b>");
    }

    @Test
    void linksThatLeadNowhereAreTold() throws IOException {
        write(
                "docs/other.md",
                "# Other\n\n[a](manual.md#three) [b](gone.md) [c](#nowhere) ![d](images/x.png) [e](../../out.md)\n");
        assertThat(Site.read(repository).problems())
                .containsExactly(
                        "docs/other.md: (manual.md#three): there is no heading \"#three\" in docs/manual.md",
                        "docs/other.md: (gone.md): there is no docs/gone.md",
                        "docs/other.md: (#nowhere): there is no heading \"#nowhere\" in docs/other.md",
                        "docs/other.md: (images/x.png): there is no docs/images/x.png",
                        "docs/other.md: (../../out.md): there is no ../out.md");
    }

    @Test
    void theLinksOfThisRepositoryHold() throws IOException {
        Path home = Path.of(System.getProperty("user.dir"))
                .resolveSibling("docs")
                .resolveSibling(".")
                .normalize();
        assertThat(Site.read(home).problems()).isEmpty();
    }
}
