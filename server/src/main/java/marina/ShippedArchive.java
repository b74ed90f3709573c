package marina;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The archive of classes that came with the installation, if it has one. Not to be written by instances of other folders.
 *
 * @param place where it lies, without size and ending
 */
record ShippedArchive(Path place) {

    /**
     * Whether it is there and whole.
     *
     * @param made what an archive that fits is made for
     */
    boolean fits(String made) throws IOException {
        Path note = place.resolveSibling(place.getFileName() + ".txt");
        if (!Files.isRegularFile(note) || !made.equals(Files.readString(note))) {
            return false;
        }
        try (Stream<Path> files = Files.list(place.resolveSibling("."))) {
            return files.map(Path::toFile)
                    .anyMatch(file -> file.getName().startsWith(place.getFileName() + "-" + file.length() + "."));
        }
    }
}
