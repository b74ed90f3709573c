package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code static.directories} of earlier times: folders at paths of their own, beside tenants. */
class DirectoriesTest {
    @TempDir
    private Path base;

    @Test
    void areServedAtTheirPathsAndForAsLongAsTheySay() {
        NavigatorBed bed = new NavigatorBed(base)
                .file("public/assets/a.css", "css")
                .file("elsewhere/manual/b.html", "manual")
                .navigator(
                        """
                        server: {listen: LISTEN, static: {directories: [{path: /showcase/docs/, dir: elsewhere/manual, cache: 1h}]}}
                        static: {directories: [{prefix: /showcase/assets/, root: public/assets/, cache: 24h}, {path: /gone/, dir: gone}]}
                        applications:
                        """
                                + NavigatorBed.NODE
                                + "  tenants: [{path: /showcase/, framework: node}]\n");
        try (MarinaUnderTest marina = bed.start()) {
            assertThat(marina.get("/showcase/docs/b.html").body()).isEqualTo("manual");
            assertThat(marina.get("/showcase/docs/b.html").headers().firstValue("cache-control"))
                    .contains("public, max-age=3600");
            assertThat(marina.get("/showcase/assets/a.css").headers().firstValue("cache-control"))
                    .contains("public, max-age=86400");
            assertThat(marina.get("/showcase/assets/none.css").statusCode()).isEqualTo(404);
            assertThat(marina.get("/showcase/x").body()).contains("\"path\"");
        }
        assertThat(bed.problems()).isEmpty();
        assertThat(bed.notes().toString()).contains("is an old key").contains("nothing is served at /gone");
    }
}
