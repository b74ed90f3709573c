package marina.webapp;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import marina.config.EeLevel;

/** Builds a WAR for any EE level; sources write {@code $API} for javax or jakarta. */
final class TestWar {
    static final Path LIB = Path.of(System.getProperty("marina.home", ".")).resolve("lib");

    private final EeLevel level;
    private final Path scratch;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    TestWar(EeLevel level, Path scratch) {
        this.level = level;
        this.scratch = scratch;
    }

    /** The folder of a level's jars. */
    static Path lib(EeLevel level) {
        return LIB.resolve(level.name().toLowerCase(Locale.ROOT));
    }

    TestWar file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    TestWar file(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** Compiles a class into WEB-INF/classes. */
    TestWar type(String name, String source) throws IOException {
        return type(name, source, "");
    }

    TestWar type(String name, String source, String moreClassPath) throws IOException {
        Path classes = compile(name, source, moreClassPath);
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.put("WEB-INF/classes/" + classes.relativize(file), Files.readAllBytes(file));
            }
        }
        return this;
    }

    private Path compile(String name, String source, String moreClassPath) throws IOException {
        Path classes = Files.createTempDirectory(Files.createDirectories(scratch), "classes");
        String text = source.replace("$API", level == EeLevel.EE8 ? "javax" : "jakarta");
        JavaFileObject unit =
                new SimpleJavaFileObject(
                        URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                };
        String classPath;
        try (Stream<Path> jars = Files.list(lib(level))) {
            classPath = jars.map(Path::toString).collect(Collectors.joining(":")) + ":" + moreClassPath;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        List<String> options = List.of("-d", classes.toString(), "-cp", classPath, "-proc:none");
        if (!compiler.getTask(output, null, null, options, null, List.of(unit)).call()) {
            throw new IllegalStateException(output.toString());
        }
        return classes;
    }

    /** As an archive. */
    Path pack(String name) throws IOException {
        Path war = scratch.resolve(name);
        try (OutputStream file = Files.newOutputStream(war);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return war;
    }

    /** The bytes of the archive. */
    byte[] bytes() throws IOException {
        Files.createDirectories(scratch);
        return Files.readAllBytes(pack("packed.war"));
    }

    /** As a folder. */
    Path explode(String name) throws IOException {
        Path folder = scratch.resolve(name);
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
        }
        return folder;
    }

    /** A servlet at /do whose body is this. */
    static String servlet(String body) {
        return """
                package app;
                import java.io.*; import java.sql.*; import java.util.*; import javax.naming.*; import javax.sql.DataSource;
                import $API.servlet.*; import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
                @WebServlet("/do")
                public class Do extends HttpServlet {
                    protected void service(HttpServletRequest q, HttpServletResponse a) throws ServletException, IOException {
                        try { BODY } catch (Exception e) { throw new ServletException(e); }
                    }
                }
                """
                .replace("BODY", body);
    }
}
