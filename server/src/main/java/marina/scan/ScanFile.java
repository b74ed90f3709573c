package marina.scan;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.eclipse.jetty.util.Jetty;

/**
 * The form in which it is kept: eight bytes with the checksum of the others, a line that names the form and the parser, each name
 * once, and then numbers of names.
 */
final class ScanFile {
    /** Another parser may read what this one cannot, or find something else. */
    private static final String FORM = "Marina's scan of classes 1, " + Jetty.VERSION;

    private ScanFile() {}

    /**
     * Reads it.
     *
     * @throws IOException when it cannot be read, or is not what has been written
     */
    static Map<String, List<ScannedClass>> read(Path file) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        if (content.remaining() < Long.BYTES || content.getLong() != sum(content.slice())) {
            throw new IOException("it is damaged");
        }
        DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(content.array(), content.position(), content.remaining()));
        if (!in.readUTF().equals(FORM)) {
            return Map.of();
        }
        String[] names = new String[in.readInt()];
        for (int i = 0; i < names.length; i++) {
            names[i] = in.readUTF();
        }
        Map<String, List<ScannedClass>> scan = new LinkedHashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            scan.put(names[in.readInt()], classes(in, names));
        }
        return scan;
    }

    private static List<ScannedClass> classes(DataInputStream in, String[] names) throws IOException {
        int count = in.readInt();
        List<ScannedClass> classes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            classes.add(new ScannedClass(
                    names[in.readInt()],
                    names[in.readInt()],
                    set(in, names),
                    set(in, names),
                    set(in, names),
                    set(in, names)));
        }
        return classes;
    }

    private static Set<String> set(DataInputStream in, String[] names) throws IOException {
        int count = in.readUnsignedShort();
        if (count == 0) {
            return Set.of();
        }
        Set<String> set = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            set.add(names[in.readInt()]);
        }
        return set;
    }

    /**
     * Writes it, whole or not at all.
     *
     * @param scan the classes of each jar
     * @param fresh where it can be written, on the same disk
     * @throws IOException when there is no room, or no right to write
     */
    static void write(Map<String, List<ScannedClass>> scan, Path fresh, Path file) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(content(new TreeMap<>(scan)));
        ByteBuffer sum = ByteBuffer.allocate(Long.BYTES).putLong(sum(content.slice()));
        try {
            try (var out = Files.newOutputStream(fresh)) {
                out.write(sum.array());
                out.write(content.array());
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static byte[] content(Map<String, List<ScannedClass>> scan) throws IOException {
        Map<String, Integer> names = new LinkedHashMap<>();
        ByteArrayOutputStream numbers = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(numbers);
        body.writeInt(scan.size());
        for (Map.Entry<String, List<ScannedClass>> jar : scan.entrySet()) {
            body.writeInt(number(names, jar.getKey()));
            body.writeInt(jar.getValue().size());
            for (ScannedClass type : jar.getValue()) {
                body.writeInt(number(names, type.name()));
                body.writeInt(number(names, type.parent()));
                for (Set<String> set : List.of(
                        type.interfaces(), type.annotations(), type.fieldAnnotations(), type.methodAnnotations())) {
                    body.writeShort(set.size());
                    for (String name : set) {
                        body.writeInt(number(names, name));
                    }
                }
            }
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(content);
        out.writeUTF(FORM);
        out.writeInt(names.size());
        for (String name : names.keySet()) {
            out.writeUTF(name);
        }
        numbers.writeTo(out);
        return content.toByteArray();
    }

    private static int number(Map<String, Integer> names, String name) {
        Integer known = names.putIfAbsent(name, names.size());
        return known == null ? names.size() - 1 : known;
    }

    private static long sum(ByteBuffer content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        return sum.getValue();
    }
}
