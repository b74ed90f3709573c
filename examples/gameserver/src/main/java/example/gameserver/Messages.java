package example.gameserver;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * What the server says, as JSON; {@code t} is the type.
 *
 * <pre>
 * welcome   who and where you are, the players, the last lines of the chat
 * players   who is here, with points: after each change
 * line      of the chat; n counts up within one epoch, the run of an arena
 * picture   where the boats (b: id, x, y) and the buoys (o: x, y) are: up to 25 times a second
 * beat      the answer to a beat
 * hint      something to tell the player
 * </pre>
 */
final class Messages {
    private Messages() {}

    /** A line of the chat; {@code at} in milliseconds since 1970. */
    record Line(long n, String from, int colour, String text, long at) {}

    static String welcome(
            Settings settings, String epoch, Player you, Collection<Player> players, Collection<Line> lines) {
        return "{\"t\":\"welcome\",\"epoch\":\"" + epoch + "\",\"you\":" + you.id + ",\"width\":" + Sea.WIDTH
                + ",\"height\":" + Sea.HEIGHT + ",\"arena\":" + string(settings.arena()) + ",\"region\":"
                + string(settings.place().region()) + ",\"machine\":"
                + string(settings.place().machine()) + ",\"players\":" + list(players)
                + ",\"lines\":" + lines.stream().map(Messages::of).collect(Collectors.joining(",", "[", "]}"));
    }

    static String players(Collection<Player> players) {
        return "{\"t\":\"players\",\"players\":" + list(players) + "}";
    }

    static String line(Line line) {
        return "{\"t\":\"line\",\"line\":" + of(line) + "}";
    }

    static String picture(Sea sea) {
        StringBuilder json = new StringBuilder(64 + 16 * sea.boats().size()).append("{\"t\":\"picture\",");
        sea.describe(json);
        return json.append('}').toString();
    }

    static String beat(String number) {
        return "{\"t\":\"beat\",\"n\":" + string(number) + "}";
    }

    static String hint(String text) {
        return "{\"t\":\"hint\",\"text\":" + string(text) + "}";
    }

    private static String list(Collection<Player> players) {
        return players.stream()
                .map(player -> "{\"id\":" + player.id + ",\"name\":" + string(player.name) + ",\"colour\":"
                        + player.colour() + ",\"score\":" + player.boat.score() + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String of(Line line) {
        return "{\"n\":" + line.n() + ",\"from\":" + string(line.from()) + ",\"colour\":" + line.colour() + ",\"text\":"
                + string(line.text()) + ",\"at\":" + line.at() + "}";
    }

    private static String string(String value) {
        StringBuilder json = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                // RFC 8259 section 7
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
