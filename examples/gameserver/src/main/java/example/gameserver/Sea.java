package example.gameserver;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The rules of the game: boats sail to where they are steered, and a boat that reaches a buoy scores and sends the buoy
 * elsewhere. Knows no clock and no network; for one thread at a time.
 */
final class Sea {
    static final int WIDTH = 1000;
    static final int HEIGHT = 600;

    private static final int BUOYS = 6;
    private static final int MARGIN = 30;
    private static final double SPEED = 260;
    private static final double REACH = 30;

    private final RandomGenerator random;
    private final Map<Integer, Boat> boats = new LinkedHashMap<>();
    private final double[][] buoys = new double[BUOYS][];

    Sea(RandomGenerator random) {
        this.random = random;
        for (int i = 0; i < BUOYS; i++) {
            buoys[i] = somewhere();
        }
    }

    /** A boat and the points that it has made. */
    static final class Boat {
        private double x;
        private double y;
        private double toX;
        private double toY;
        private int score;

        private Boat(double[] at) {
            x = toX = at[0];
            y = toY = at[1];
        }

        double x() {
            return x;
        }

        double y() {
            return y;
        }

        int score() {
            return score;
        }
    }

    Boat launch(int id) {
        Boat boat = new Boat(somewhere());
        boats.put(id, boat);
        return boat;
    }

    void sink(int id) {
        boats.remove(id);
    }

    /** Points outside of the sea count as the nearest one on its shore. */
    void steer(int id, int x, int y) {
        Boat boat = boats.get(id);
        if (boat != null) {
            boat.toX = Math.max(0, Math.min(WIDTH, x));
            boat.toY = Math.max(0, Math.min(HEIGHT, y));
        }
    }

    /** What a step has changed. */
    enum Change {
        NOTHING,
        PLACES,
        SCORES
    }

    /** Lets so much time pass. */
    Change sail(double seconds) {
        Change change = Change.NOTHING;
        for (Boat boat : boats.values()) {
            double dx = boat.toX - boat.x;
            double dy = boat.toY - boat.y;
            double distance = Math.hypot(dx, dy);
            if (distance > 0) {
                double part = Math.min(1, SPEED * seconds / distance);
                boat.x = part == 1 ? boat.toX : boat.x + dx * part;
                boat.y = part == 1 ? boat.toY : boat.y + dy * part;
                change = change == Change.SCORES ? change : Change.PLACES;
            }
            if (reaches(boat)) {
                change = Change.SCORES;
            }
        }
        return change;
    }

    private boolean reaches(Boat boat) {
        boolean reached = false;
        for (int i = 0; i < BUOYS; i++) {
            if (Math.hypot(buoys[i][0] - boat.x, buoys[i][1] - boat.y) < REACH) {
                boat.score++;
                buoys[i] = somewhere();
                reached = true;
            }
        }
        return reached;
    }

    /** Where everything is, as JSON: {@code "b":[[id,x,y],…],"o":[[x,y],…]}. */
    void describe(StringBuilder json) {
        json.append("\"b\":[");
        boats.forEach((id, boat) -> point(json.append('[').append((int) id).append(','), boat.x, boat.y));
        unComma(json).append("],\"o\":[");
        for (double[] buoy : buoys) {
            point(json.append('['), buoy[0], buoy[1]);
        }
        unComma(json).append(']');
    }

    Collection<Boat> boats() {
        return boats.values();
    }

    double[] buoy(int index) {
        return buoys[index].clone();
    }

    private static void point(StringBuilder json, double x, double y) {
        json.append(Math.round(x)).append(',').append(Math.round(y)).append("],");
    }

    private static StringBuilder unComma(StringBuilder json) {
        if (json.charAt(json.length() - 1) == ',') {
            json.setLength(json.length() - 1);
        }
        return json;
    }

    private double[] somewhere() {
        return new double[] {random.nextInt(MARGIN, WIDTH - MARGIN), random.nextInt(MARGIN, HEIGHT - MARGIN)};
    }
}
