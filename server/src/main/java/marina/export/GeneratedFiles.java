package marina.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Puts what has been generated into a folder. */
public final class GeneratedFiles {
    private GeneratedFiles() {}

    /**
     * Writes texts by file name, each at once: whoever reads meanwhile sees the old one or the new one. Scripts may be executed.
     *
     * @param folder is made when it is missing
     */
    public static void write(Path folder, Map<String, String> texts) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Path target = folder.resolve(text.getKey());
            Path half = Files.createTempFile(folder, "." + text.getKey(), ".half");
            try {
                Files.writeString(half, text.getValue());
                boolean script = text.getKey().endsWith(".sh");
                boolean unused = half.toFile().setReadable(true, false)
                        && (!script || half.toFile().setExecutable(true));
                Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(half);
            }
        }
    }
}
