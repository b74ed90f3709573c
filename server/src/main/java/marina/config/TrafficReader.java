package marina.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.config.TrafficConfig.Timeouts;
import marina.config.TrafficLimits.Pace;
import marina.config.TrafficLimits.Rate;

/** Reads and prints what limits requests: {@code limits} of the server, {@code limits} and {@code timeouts} of contexts. */
final class TrafficReader {
    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,6})/([smh])");
    private static final Map<String, Duration> PERIODS =
            Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1));
    private static final int LARGEST_HEADER = 1024 * 1024;
    private static final int SMALLEST_HEADER = 1024;
    private static final int LARGEST_PACE = 1024 * 1024;

    private TrafficReader() {}

    /** The part of the server's limits that is about its clients. */
    static TrafficLimits server(Section s) {
        TrafficLimits absent = TrafficLimits.DEFAULT;
        Rate rate = s.value("rate", TrafficReader::rate, absent.rate());
        int burst = s.number("burst", 0, 10_000_000, rate.requests());
        return new TrafficLimits(
                s.value("header_size", TrafficReader::headerSize, absent.headerSize()),
                s.value("max_body", SizeText::parse, absent.maxBody()),
                s.value("header_timeout", DurationText::parse, absent.headerTimeout()),
                s.value("keep_alive", TrafficReader::positive, absent.keepAlive()),
                s.number("connections_per_address", 0, 10_000_000, absent.connections()),
                new Rate(rate.requests(), rate.period(), rate.requests() == 0 ? 0 : Math.max(1, burst)),
                new Pace(
                        s.value(
                                "min_rate",
                                TrafficReader::slowest,
                                absent.body().bytesPerSecond()),
                        s.value(
                                "min_rate_grace",
                                DurationText::parse,
                                absent.body().grace())));
    }

    /**
     * What one context takes on; what is not written about bodies is as for the server.
     *
     * @param limits its section of that name
     */
    static TrafficConfig context(Section s, Section limits, TrafficLimits inherited) {
        return new TrafficConfig(
                limits.value("max_body", SizeText::parse, inherited.maxBody()),
                limits.number("max_concurrent", 0, 1_000_000, 0),
                limits.number("max_queued", 0, 1_000_000, 0),
                s.section("timeouts", TrafficReader::timeouts));
    }

    /** How long to wait for a backend. */
    static Timeouts timeouts(Section s) {
        return new Timeouts(
                s.value("connect", TrafficReader::positive, Timeouts.DEFAULT.connect()),
                s.value("answer", TrafficReader::positive, Timeouts.DEFAULT.answer()),
                s.value("idle", TrafficReader::positive, Timeouts.DEFAULT.idle()));
    }

    static void put(Map<String, Object> result, TrafficLimits limits) {
        result.put("header_size", SizeText.format(limits.headerSize()));
        result.put("max_body", SizeText.format(limits.maxBody()));
        result.put("header_timeout", DurationText.format(limits.headerTimeout()));
        result.put("keep_alive", DurationText.format(limits.keepAlive()));
        result.put("connections_per_address", limits.connections());
        result.put("rate", limits.rate().toString());
        result.put("burst", limits.rate().burst());
        result.put("min_rate", SizeText.format(limits.body().bytesPerSecond()));
        result.put("min_rate_grace", DurationText.format(limits.body().grace()));
    }

    static void put(Map<String, Object> result, TrafficConfig traffic, boolean forwards) {
        @SuppressWarnings("unchecked") // made by whoever printed the limits of the process
        Map<String, Object> limits =
                (Map<String, Object>) result.computeIfAbsent("limits", key -> new LinkedHashMap<>());
        limits.put("max_body", SizeText.format(traffic.maxBody()));
        limits.put("max_concurrent", traffic.maxConcurrent());
        limits.put("max_queued", traffic.maxQueued());
        if (forwards) {
            result.put("timeouts", dump(traffic.timeouts()));
        }
    }

    static Map<String, Object> dump(Timeouts timeouts) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("connect", DurationText.format(timeouts.connect()));
        result.put("answer", DurationText.format(timeouts.answer()));
        result.put("idle", DurationText.format(timeouts.idle()));
        return result;
    }

    private static Rate rate(String text) {
        if (text.equals("0")) {
            return Rate.UNLIMITED;
        }
        Matcher matcher = RATE.matcher(text);
        Duration period = matcher.matches() ? PERIODS.get(matcher.group(2)) : null;
        if (period == null) {
            throw BadText.of("is no rate; write requests in a second, minute or hour, e.g. 100/s, 60/m or 1000/h");
        }
        return new Rate(Integer.parseInt(matcher.group(1)), period, 0);
    }

    private static int headerSize(String text) {
        long bytes = SizeText.parse(text);
        if (bytes < SMALLEST_HEADER || bytes > LARGEST_HEADER) {
            throw BadText.of("is not between 1K and 1M; write e.g. 16K");
        }
        return (int) bytes;
    }

    private static long slowest(String text) {
        long bytes = SizeText.parse(text);
        if (bytes > LARGEST_PACE) {
            throw BadText.of("would shut out many clients; write bytes a second, e.g. 240 or 1K");
        }
        return bytes;
    }

    private static Duration positive(String text) {
        Duration duration = DurationText.parse(text);
        if (duration.isZero()) {
            throw BadText.of("would end everything at once; write e.g. 1m");
        }
        return duration;
    }
}
