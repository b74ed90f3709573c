package marina.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionOrderTest {
    private static final List<String> ASCENDING = List.of(
            "",
            "0",
            "01",
            "1",
            "1-rc1",
            "1.0",
            "1.9",
            "1.10",
            "1.10.1",
            "2",
            "9",
            "10",
            "2024",
            "20261121",
            "99999999999999999999998",
            "99999999999999999999999",
            "a",
            "a9",
            "a10",
            "b1");

    @Test
    void numbersCountAsNumbers() {
        List<String> mixed = new ArrayList<>(ASCENDING);
        Collections.shuffle(mixed, new Random(7));
        mixed.sort(new VersionOrder());
        assertThat(mixed).isEqualTo(ASCENDING);
    }

    @Test
    void differentNamesAreNeverEqual() {
        VersionOrder order = new VersionOrder();
        for (String a : ASCENDING) {
            for (String b : ASCENDING) {
                assertThat(order.compare(a, b) == 0).as(a + " " + b).isEqualTo(a.equals(b));
                assertThat(Integer.signum(order.compare(a, b))).isEqualTo(-Integer.signum(order.compare(b, a)));
            }
        }
    }
}
