package marina.navigator;

import java.util.HashSet;
import java.util.Set;
import marina.config.ConfigNote;
import marina.config.ConfigProblem;
import marina.config.ForeignFormat.Findings;
import marina.config.SourceLocation;
import marina.config.Value;

/** What a translation has to say about the file. Used by one thread. */
final class Report {
    private final Findings findings;
    private final Set<String> said = new HashSet<>();

    Report(Findings findings) {
        this.findings = findings;
    }

    /** Something without which the file cannot be used. */
    void problem(Value value, String message) {
        findings.problem(value.location(), value.key(), message);
    }

    /** Something that is written and does not do what it says. */
    void warn(Value value, String message) {
        warn(value.location(), value.key(), message);
    }

    void warn(SourceLocation location, String key, String message) {
        findings.note(new ConfigNote(ConfigNote.Kind.WARNING, new ConfigProblem(location, key, message)));
    }

    /** The same warning once, at the first place: hundreds of tenants are alike. */
    void warnOnce(Value value, String message) {
        if (said.add(message)) {
            warn(value, message);
        }
    }

    /** An old name. */
    void deprecated(SourceLocation location, String key, String message) {
        findings.note(new ConfigNote(ConfigNote.Kind.DEPRECATED, new ConfigProblem(location, key, message)));
    }

    /** Something that works in another way; said once, at the first place. */
    void note(Value value, String message) {
        if (said.add(message)) {
            findings.note(
                    new ConfigNote(ConfigNote.Kind.NOTE, new ConfigProblem(value.location(), value.key(), message)));
        }
    }
}
