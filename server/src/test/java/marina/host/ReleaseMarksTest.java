package marina.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import marina.config.FileStamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of directories, each with a file that may be touched. */
class ReleaseMarksTest {
    @TempDir
    private Path base;

    @Test
    void amongThousandsATouchedOneIsNoticedAfterAFewLooks() throws IOException {
        Set<Path> all = marks(2_500);
        ReleaseMarks marks = new ReleaseMarks();
        assertThat(look(marks, all)).isEmpty();

        Path touched = Files.writeString(base.resolve("1700"), "");
        Map<Path, FileStamp> first = look(marks, all);
        Map<Path, FileStamp> second = look(marks, all);
        Map<Path, FileStamp> third = look(marks, all);

        assertThat(third).containsOnlyKeys(touched);
        assertThat(first.size()).isLessThanOrEqualTo(second.size());
        assertThat(look(marks, all)).isEqualTo(third);
    }

    @Test
    void oneThatIsNewAndExistsIsSeenAtOnceAndOneThatIsGoneIsForgotten() throws IOException {
        Set<Path> all = marks(2_500);
        ReleaseMarks marks = new ReleaseMarks();
        look(marks, all);

        Path fresh = Files.writeString(base.resolve("fresh"), "");
        all.add(fresh);
        assertThat(look(marks, all)).containsOnlyKeys(fresh);

        assertThat(look(marks, marks(3))).isEmpty();
    }

    private Set<Path> marks(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> base.resolve(Integer.toString(i)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Map<Path, FileStamp> look(ReleaseMarks marks, Set<Path> all) {
        Map<Path, FileStamp> stamps = new HashMap<>();
        marks.look(all, stamps);
        return stamps;
    }
}
