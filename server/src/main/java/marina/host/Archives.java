package marina.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipFile;
import marina.config.Content;
import marina.config.ContextConfig;

/**
 * Whether the archives that contexts name can be read: one that cannot is most often half copied, and takes the place of
 * nothing. Each is opened once for each reload; not thread-safe.
 */
final class Archives {
    private final Map<Path, Optional<String>> faults = new HashMap<>();

    /** Why a packed WAR cannot be read; empty when it can, and for an exploded one. */
    static Optional<String> fault(Path archive) {
        if (Files.isDirectory(archive)) {
            return Optional.empty();
        }
        try {
            new ZipFile(archive.toFile()).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Those whose content can be read, or is no archive. */
    List<ContextConfig> readable(List<ContextConfig> configs) {
        return configs.stream().filter(config -> fault(config).isEmpty()).toList();
    }

    /** A step of a reload for each archive that cannot be read. */
    List<CompletableFuture<Optional<String>>> failures(ReloadPlan plan) {
        List<CompletableFuture<Optional<String>>> failures = new ArrayList<>();
        plan.added().forEach(config -> failure(config, "is not mounted", "it will be when it is whole")
                .ifPresent(failures::add));
        plan.changed().forEach(config -> failure(config, "did not change", "what was deployed before goes on")
                .ifPresent(failures::add));
        return failures;
    }

    private Optional<CompletableFuture<Optional<String>>> failure(ContextConfig config, String what, String then) {
        return fault(config)
                .map(fault -> CompletableFuture.completedFuture(Optional.of(
                        config.source() + ": context " + config.path() + " " + what + ": " + fault + "; " + then)));
    }

    private Optional<String> fault(ContextConfig config) {
        if (!(config.content() instanceof Content.War war)) {
            return Optional.empty();
        }
        return faults.computeIfAbsent(war.archive(), archive -> fault(archive)
                .map(reason -> archive + " is not a readable archive: " + reason));
    }
}
