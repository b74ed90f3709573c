package marina.config;

import java.nio.file.Path;

/**
 * One of the WARs in webapps that share a name: {@code shop.war}, {@code shop##1.war}, {@code shop##2/}.
 *
 * @param archive the file or folder
 * @param version what stands behind {@code ##}; empty when there is none
 */
record WarVersion(Path archive, String version) {
    private static final String MARK = "##";
    private static final String PATTERN = MARK + "*.war";

    /** The name of a file or folder without suffix, before its version. */
    static String nameOf(String file) {
        int mark = file.indexOf(MARK);
        return mark < 0 ? file : file.substring(0, mark);
    }

    /** What stands behind the name of a file or folder without suffix. */
    static String versionOf(String file) {
        int mark = file.indexOf(MARK);
        return mark < 0 ? "" : file.substring(mark + MARK.length());
    }

    /** What an operator writes for all versions of a name: {@code shop##*.war}. */
    static String pattern(String name) {
        return name + PATTERN;
    }

    /** Whether an operator has asked for all versions of a name. */
    static boolean isPattern(String text) {
        return text.endsWith(PATTERN);
    }
}
