package marina.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import marina.fleet.ReplayAnswer.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Fly's proxy is asked for, in both of its forms. */
class ReplayAnswerTest {
    private static final Here HERE = new Here("app", "ewr", "m1");
    private static final Memory NOTHING = new Memory("", Duration.ZERO, false, false);
    private static final Memory PDFS = new Memory("/pdf/*", Duration.ofMinutes(5), true, false);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''    | syd | ''     | region=syd                  | {\"region\":\"syd\"}",
                "app   | syd | ''     | region=syd                  | {\"region\":\"syd\"}",
                "other | syd | ''     | app=other;region=syd        | {\"app\":\"other\",\"region\":\"syd\"}",
                "''    | ''  | 683d31 | instance=683d31             | {\"instance\":\"683d31\"}",
                "other | ''  | 683d31 | app=other;instance=683d31   | {\"app\":\"other\",\"instance\":\"683d31\"}",
                "other | ''  | ''     | app=other                   | {\"app\":\"other\"}",
            })
    void thePlaceIsNamed(String app, String region, String machine, String field, String json) {
        ReplayAnswer answer =
                new ReplayAnswer(new Place(app, region, machine), List.of(), HERE, "", Duration.ZERO, NOTHING);

        assertThat(answer.fields()).containsOnlyKeys("fly-replay").containsEntry("fly-replay", field);
        assertThat(answer.json()).isEqualTo(json);
    }

    @Test
    void stateAndPatienceFollow() {
        ReplayAnswer answer =
                new ReplayAnswer(new Place("", "syd", ""), List.of(), HERE, "abc", Duration.ofMillis(1500), NOTHING);

        assertThat(answer.fields())
                .containsEntry("fly-replay", "region=syd;state=abc;timeout=1500ms;fallback=force_self");
        assertThat(answer.json())
                .isEqualTo("{\"region\":\"syd\",\"state\":\"abc\",\"timeout\":\"1500ms\",\"fallback\":\"force_self\"}");
    }

    @Test
    void regionsOfWhichAnyWillDoAreNamedInOrder() {
        List<Place> others = List.of(new Place("", "lhr", ""), new Place("", "fra", ""));
        ReplayAnswer answer =
                new ReplayAnswer(new Place("", "syd", ""), others, HERE, "s", Duration.ofSeconds(5), NOTHING);

        assertThat(answer.fields())
                .containsEntry("fly-replay", "region=\"syd,lhr,fra\";state=s;timeout=5s;fallback=force_self");
        assertThat(answer.json())
                .isEqualTo("{\"region\":\"syd,lhr,fra\",\"state\":\"s\",\"timeout\":\"5s\","
                        + "\"fallback\":\"force_self\"}");
    }

    @Test
    void whatMayBeRememberedIsSaid() {
        ReplayAnswer answer = new ReplayAnswer(new Place("", "syd", ""), List.of(), HERE, "", Duration.ZERO, PDFS);

        assertThat(answer.fields())
                .containsEntry("fly-replay-cache", "/pdf/*")
                .containsEntry("fly-replay-cache-ttl-secs", "300")
                .containsEntry("fly-replay-cache-allow-bypass", "yes");
        assertThat(answer.json())
                .isEqualTo("{\"region\":\"syd\",\"cache\":{\"prefix\":\"/pdf/*\",\"ttl\":300},\"allow_bypass\":true}");
    }

    @Test
    void whatWasRememberedWronglyIsForgotten() {
        Memory forget = new Memory("", Duration.ZERO, false, true);
        ReplayAnswer answer =
                new ReplayAnswer(new Place("", "syd", ""), List.of(), HERE, "s", Duration.ofSeconds(5), forget);

        assertThat(answer.fields()).containsEntry("fly-replay-cache", "invalidate");
        assertThat(answer.json()).endsWith(",\"cache\":{\"invalidate\":true}}");
    }
}
