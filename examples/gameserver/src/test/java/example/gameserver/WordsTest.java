package example.gameserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What people type stays one harmless line. */
class WordsTest {
    @Test
    void becomesOneLineWithoutWhatCannotBeSeen() {
        assertThat(Words.line("  a\r\n\tb\u0000 c\u3000 ")).isEqualTo("a b c");
        assertThat(Words.line("\u202egnihtyreve\u202c \u200bhere\ufeff")).isEqualTo("gnihtyreve here");
        assertThat(Words.line("\ud83d half")).isEqualTo("half");
        assertThat(Words.name(" \u200b ")).isEmpty();
    }

    @Test
    void scriptsAndEmojiStayWhole() {
        String family = "👩\u200d👩\u200d👧";
        assertThat(Words.line(family)).isEqualTo(family);
        assertThat(Words.line("می\u200cخواهم ✓")).isEqualTo("می\u200cخواهم ✓");
        assertThat(Words.name("E\u0301mile")).isEqualTo("Émile");
    }

    @Test
    void pilesOfAccentsAreCutDown() {
        assertThat(Words.line("z" + "\u0334\u0335".repeat(30))).hasSize(5);
    }

    @Test
    void isCutByCharactersAndNotWithinOne() {
        assertThat(Words.name("🚤".repeat(30))).isEqualTo("🚤".repeat(Words.LONGEST_NAME));
        assertThat(Words.line("x".repeat(500))).hasSize(Words.LONGEST_LINE);
        assertThat(Words.name("a".repeat(19) + " bcd")).isEqualTo("a".repeat(19));
    }
}
