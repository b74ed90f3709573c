package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What docs/rails.md shows of the application is what RailsIT runs. */
class RailsGuideTest {
    @Test
    void itsPiecesAreThoseOfTheApplication() throws IOException {
        Guide guide = Guide.of("rails.md");
        assertThat(guide.files()).hasSizeGreaterThan(5);
        for (Guide.Piece piece : guide.files()) {
            String text = Files.readString(Apps.FOLDER.resolve("rails-lists").resolve(piece.file()));
            assertThat(text).as(piece.file()).contains(piece.text());
        }
    }
}
