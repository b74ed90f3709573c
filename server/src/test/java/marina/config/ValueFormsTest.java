package marina.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueFormsTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S, 0",
        "250ms, PT0.25S, 250ms",
        "30s, PT30S, 30s",
        "90s, PT1M30S, 1m30s",
        "5m, PT5M, 5m",
        "1h30m, PT1H30M, 1h30m",
        "7d, PT168H, 7d",
        "1w, PT168H, 7d",
        "1y, PT8760H, 365d"
    })
    void readsAndPrintsDurations(String text, Duration duration, String printed) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
        assertThat(DurationText.format(duration)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10 min", "m", "-5m", "1.5h", "5M", "101y", "99999999999s", "5m "})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(BadText.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "512, 512, 512",
        "512K, 524288, 512K",
        "1024K, 1048576, 1M",
        "1G, 1073741824, 1G",
        "1T, 1099511627776, 1T"
    })
    void readsAndPrintsSizes(String text, long bytes, String printed) {
        assertThat(SizeText.parse(text)).isEqualTo(bytes);
        assertThat(SizeText.format(bytes)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K", "1.5G", "512m", "512MB", "-1", "999999999999T"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> SizeText.parse(text)).isInstanceOf(BadText.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/sam/list1, /sam/list1/x, false",
        "/sam/, /sam/list1, true",
        "/sam/, /sam, false",
        "*.css, /a/b.css, true",
        "*.css, /a/bxcss, false",
        "^/2025/[a-z]+/?$, /2025/boston, true",
        "/a.b, /a.b, true",
        "/a.b, /axb, false"
    })
    void matchesPathsByRule(String rule, String path, boolean matches) {
        assertThat(PathRule.parse(rule).regex().find(path)).isEqualTo(matches);
    }

    @Test
    void knowsWhatLiesInANetwork() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        Cidr cidr = Cidr.parse("10.128.0.0/9");
        assertThat(cidr.contains(InetAddress.getByAddress(new byte[] {10, (byte) 200, 1, 1})))
                .isTrue();
        assertThat(cidr.contains(InetAddress.getByAddress(new byte[] {10, 100, 1, 1})))
                .isFalse();
        assertThat(cidr.contains(loopback)).isFalse();
        assertThat(Cidr.parse("::1").contains(loopback)).isTrue();
        assertThat(cidr).isEqualTo(Cidr.parse("10.128.0.0/9")).hasToString("10.128.0.0/9");
    }

    @Test
    void masksPasswordsWhereverTheyStand() {
        assertThat(Secrets.maskUrl("postgres://sam:a@b:c@db:5432/x?sslmode=on&password=geheim&a=b"))
                .isEqualTo("postgres://sam:***@db:5432/x?sslmode=on&password=***&a=b");
        assertThat(Secrets.maskUrl("jdbc:sqlserver://db;user=sam;password=geheim;a=b"))
                .isEqualTo("jdbc:sqlserver://db;user=sam;password=***;a=b");
        assertThat(Secrets.maskUrl("sqlite:data/x.db")).isEqualTo("sqlite:data/x.db");
        assertThat(Secrets.maskUrl("redis://:geheim@host/0")).isEqualTo("redis://:***@host/0");
    }

    @Test
    void comparesPatternsByTheirText() {
        assertThat(Regex.compile("^/a")).isEqualTo(Regex.compile("^/a")).isNotEqualTo(Regex.compile("^/b"));
    }
}
