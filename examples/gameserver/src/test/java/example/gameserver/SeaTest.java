package example.gameserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Boats sail where they are steered, and score at the buoys. */
class SeaTest {
    private final Sea sea = new Sea(new SplittableRandom(7));

    @Test
    void aBoatSailsAtItsSpeedToWhereItIsSteeredAndStaysThere() {
        Sea.Boat boat = sea.launch(1);
        double x = boat.x();
        double y = boat.y();
        assertThat(sea.sail(0.1)).isEqualTo(Sea.Change.NOTHING);
        sea.steer(1, x < 500 ? 1000 : 0, (int) y);
        assertThat(sea.sail(0.1)).isNotEqualTo(Sea.Change.NOTHING);
        assertThat(Math.abs(boat.x() - x)).isBetween(25.9, 26.1);
        for (int i = 0; i < 60; i++) {
            sea.sail(0.1);
        }
        assertThat(boat.x()).isEqualTo(x < 500 ? 1000 : 0);
        assertThat(boat.y()).isEqualTo((int) y);
    }

    @Test
    void nobodyLeavesTheSea() {
        Sea.Boat boat = sea.launch(1);
        sea.steer(1, 99_999, -99_999);
        for (int i = 0; i < 100; i++) {
            sea.sail(0.1);
        }
        assertThat(boat.x()).isEqualTo(Sea.WIDTH);
        assertThat(boat.y()).isZero();
    }

    @Test
    void aBuoyThatIsReachedIsAPointAndGoesElsewhere() {
        Sea.Boat boat = sea.launch(1);
        double[] buoy = sea.buoy(0);
        sea.steer(1, (int) buoy[0], (int) buoy[1]);
        boolean scored = false;
        for (int i = 0; i < 100; i++) {
            scored |= sea.sail(0.1) == Sea.Change.SCORES;
        }
        assertThat(scored).isTrue();
        assertThat(boat.score()).isPositive();
        assertThat(sea.buoy(0)).isNotEqualTo(buoy);
    }

    @Test
    void describesEveryBoatAndBuoyAsJson() {
        sea.launch(3);
        sea.launch(12);
        sea.launch(4);
        sea.sink(4);
        StringBuilder json = new StringBuilder();
        sea.describe(json);
        assertThat(json.toString())
                .matches("\"b\":\\[\\[3,\\d+,\\d+],\\[12,\\d+,\\d+]],\"o\":\\[(\\[\\d+,\\d+],){5}\\[\\d+,\\d+]]");
        sea.sink(3);
        sea.sink(12);
        json.setLength(0);
        sea.describe(json);
        assertThat(json.toString()).startsWith("\"b\":[],\"o\"");
    }
}
