package marina.config;

import java.nio.file.Path;

/** Another form that a server file may have: it is translated to Marina's own form and then read as if it had been written so. */
public interface ForeignFormat {

    /** No other form. */
    ForeignFormat NONE = new ForeignFormat() {
        @Override
        public boolean recognises(Path file, Value.Mapping written) {
            return false;
        }

        @Override
        public Value.Mapping translate(Path file, Value.Mapping written, Findings findings) {
            return written;
        }
    };

    /** Whether a file has this form. */
    boolean recognises(Path file, Value.Mapping written);

    /**
     * The same in Marina's own form. Every value keeps the place and the key under which it was written, so that problems
     * found later name these.
     *
     * @param findings takes what is wrong, and what is worth saying
     */
    Value.Mapping translate(Path file, Value.Mapping written, Findings findings);

    /** Takes what a translation finds. */
    interface Findings {
        /** Something that makes the file unusable. */
        void problem(SourceLocation location, String key, String message);

        /** Anything else. */
        void note(ConfigNote note);
    }
}
