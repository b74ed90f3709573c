package marina.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much work the kernel saw waiting for memory, from its pressure stall information (Linux,
 * <a href="https://docs.kernel.org/accounting/psi.html">PSI</a>). Immutable.
 *
 * @param file {@code /proc/pressure/memory}; where there is none nothing is known
 */
record MemoryPressure(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryPressure.class);
    private static final Pattern SOME = Pattern.compile("some avg10=(\\d{1,3}\\.\\d+) ");

    /** Percent of the last ten seconds in which at least one task waited for memory. */
    OptionalDouble percent() {
        if (!Files.isReadable(file)) {
            return OptionalDouble.empty();
        }
        try {
            Matcher some = SOME.matcher(Files.readString(file));
            return some.find() ? OptionalDouble.of(Double.parseDouble(some.group(1))) : OptionalDouble.empty();
        } catch (IOException e) {
            LOG.debug("{} is there but tells nothing, as when PSI is off: {}", file, e.toString());
            return OptionalDouble.empty();
        }
    }
}
