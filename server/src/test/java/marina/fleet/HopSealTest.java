package marina.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request tells of its way, and who is believed. */
class HopSealTest {
    private static final String SECRET = "a-secret-of-thirty-two-characters";
    private static final HopState STATE = new HopState(1, new Here("app", "ewr", "683d314fdd4d68"), "1a2b3c");

    @ParameterizedTest
    @ValueSource(strings = {"", SECRET})
    void isReadBackAndHoldsNoSeparator(String secret) {
        HopSeal seal = new HopSeal(secret);
        String text = seal.write(STATE);

        assertThat(text).matches("[A-Za-z0-9_-]+");
        assertThat(seal.read(text)).contains(STATE);
    }

    @Test
    void whatIsNotSignedWithTheSecretIsNotRead() {
        HopSeal seal = new HopSeal(SECRET);
        String text = seal.write(STATE);
        char other = text.charAt(text.length() - 3) == 'A' ? 'B' : 'A';
        String changed = text.substring(0, text.length() - 3) + other + text.substring(text.length() - 2);

        assertThat(seal.read(changed)).isEmpty();
        assertThat(seal.read(new HopSeal("").write(STATE))).isEmpty();
        assertThat(seal.read(new HopSeal(SECRET + "2").write(STATE))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "!!!", "AAAA", "MXxhfGI", "LTF8YXxlfG18dg", "a;b=c"})
    void nonsenseIsNoState(String text) {
        assertThat(new HopSeal("").read(text)).isEmpty();
        assertThat(new HopSeal(SECRET).read(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "instance=00bb33ff;region=iad;t=170000;state=abc | 00bb33ff | iad | abc",
                "instance=00bb33ff,region=iad,t=170000,state=abc | 00bb33ff | iad | abc",
                "state=a_-9, instance=m1 ; Region=\"syd,iad\"    | m1       | syd,iad | a_-9",
                "instance=m1;instance=m2;region=;state=x=y       | m1       | ''  | x=y",
            })
    void bothSeparatorsOfFlyAreRead(String field, String instance, String region, String state) {
        assertThat(ReplayFields.parse(field))
                .containsEntry("instance", instance)
                .containsEntry("region", region)
                .containsEntry("state", state);
    }

    @Test
    void whatHasNoPairsHasNoValues() {
        assertThat(ReplayFields.parse("")).isEqualTo(Map.of());
        assertThat(ReplayFields.parse(";,=x;nothing,\"")).isEqualTo(Map.of());
    }
}
