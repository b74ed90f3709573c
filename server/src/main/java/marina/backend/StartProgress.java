package marina.backend;

import java.time.Duration;

/**
 * How far a start has come, for whoever waits for it.
 *
 * @param elapsed since it began; zero when it has not, because what was there before is still stopping
 * @param lastStart how long the last start that succeeded took; zero when there was none
 */
public record StartProgress(Duration elapsed, Duration lastStart) {}
