package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;

/** What is kept of the last clients is only ever told of the same client, at the same host. */
class ForwardedFieldsTest {
    private static final List<String> NONE = List.of();

    private static List<String> fieldsOf(ClientView view) {
        return ForwardedHeaders.toBackend(HttpFields.EMPTY, view, "").stream()
                .filter(field -> !field.getName().equals("X-Request-Id"))
                .map(HttpField::toString)
                .toList();
    }

    @Test
    void manyClientsOfManyHostsAreToldApart() {
        List<ClientView> views = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            String address = i % 3 == 0 ? "2001:db8::" + Integer.toHexString(i) : "203.0." + i / 256 + "." + i % 256;
            String authority = i % 2 == 0 ? "shop" + i % 7 + ".example" : "shop.example:" + (8000 + i % 5);
            views.add(new ClientView(address, i % 5 == 0 ? "https" : "http", authority, 8000 + i % 5, NONE, ""));
        }
        Random random = new Random(1);
        for (int pass = 0; pass < 6; pass++) {
            for (ClientView view : views) {
                for (int again = random.nextInt(4); again >= 0; again--) {
                    assertThat(fieldsOf(view)).containsExactlyElementsOf(expected(view));
                }
            }
            Collections.shuffle(views, random);
        }
    }

    private static List<String> expected(ClientView view) {
        String node = view.address().indexOf(':') < 0 ? view.address() : "\"[" + view.address() + "]\"";
        return List.of(
                "Host: " + view.authority(),
                "X-Forwarded-For: " + view.address(),
                "X-Forwarded-Proto: " + view.scheme(),
                "X-Forwarded-Host: " + view.authority(),
                "X-Forwarded-Port: " + view.port(),
                "Forwarded: for=" + node + ";host=\"" + view.authority() + "\";proto=" + view.scheme());
    }

    @Test
    void onlyTheRestOfARequestIsItsOwn() {
        ClientView nobody = new ClientView("203.0.113.7", "https", "shop.example", 443, NONE, "");
        ClientView sam = new ClientView("203.0.113.7", "https", "shop.example", 443, NONE, "sam");
        ClientView relayed = new ClientView("203.0.113.7", "https", "shop.example", 443, List.of("10.0.0.1"), "");
        for (int i = 0; i < 3; i++) {
            assertThat(fieldsOf(nobody)).noneMatch(field -> field.contains("sam"));
            assertThat(fieldsOf(sam)).contains("Remote-User: sam", "X-Forwarded-For: 203.0.113.7");
            assertThat(fieldsOf(relayed))
                    .contains("X-Forwarded-For: 203.0.113.7, 10.0.0.1")
                    .contains("Forwarded: for=203.0.113.7;host=\"shop.example\";proto=https, for=10.0.0.1");
        }
    }

    @Test
    void whatCouldEndALineIsNotKeptAsBytes() {
        ClientView view = new ClientView("203.0.113.7", "http", "shop\r\nX-Evil: 1", 80, NONE, "");
        for (int i = 0; i < 3; i++) {
            assertThat(ForwardedFields.of(view))
                    .noneMatch(org.eclipse.jetty.http.PreEncodedHttpField.class::isInstance);
        }
    }
}
