package marina.simulator.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a client's request goes first: to any machine of the app, or as its own fields say. */
final class FirstRoute {

    private FirstRoute() {}

    static Route of(Entrance entrance, RequestHead head) {
        List<String> forced = regions(head.field("fly-force-region"));
        List<String> preferred = regions(head.field("fly-prefer-region"));
        return new Route(
                Route.Kind.FIRST,
                entrance.app(),
                entrance.service().port(),
                forced.isEmpty() ? preferred : forced,
                !forced.isEmpty(),
                Optional.ofNullable(head.field("fly-force-instance-id")),
                Optional.ofNullable(head.field("fly-prefer-instance-id")),
                Set.of(),
                Optional.empty(),
                Fallback.NONE,
                Optional.empty(),
                null);
    }

    private static List<String> regions(@Nullable String list) {
        List<String> found = new ArrayList<>();
        for (String word : list == null ? new String[0] : list.split(",", -1)) {
            if (!word.isBlank()) {
                found.add(word.strip().toLowerCase(Locale.ROOT));
            }
        }
        return found;
    }
}
