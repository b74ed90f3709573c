package marina.webapp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A web application of no use but to have the JVM load the classes that every WAR needs, so that it can archive them at its
 * end. See {@code -XX:ArchiveClassesAtExit}.
 */
public final class Rehearsal {
    /** Its context path. */
    public static final String PATH = "/rehearsal";

    private static final String PAGE =
            "<%@ page contentType=\"text/html; charset=utf-8\" %>${1 + 1} <%= session.getId() %>";
    private static final List<String> REQUESTS = List.of("/index.jsp", "/notes.txt", "/WEB-INF/", "/nothing");

    private Rehearsal() {}

    /**
     * Writes the application.
     *
     * @param base an instance folder of its own
     * @return the exploded WAR in it
     * @throws IOException when there is no place for it
     */
    public static Path write(Path base) throws IOException {
        Path war = base.resolve("rehearsal");
        Files.createDirectories(war.resolve("WEB-INF"));
        Files.writeString(war.resolve("WEB-INF/web.xml"), "<web-app version=\"4.0\"/>");
        Files.writeString(war.resolve("index.jsp"), PAGE);
        Files.writeString(war.resolve("notes.txt"), "notes");
        return war;
    }

    /** Uses the application that has been started. */
    static void play(HostedWar war, int port) throws IOException, SQLException {
        try (Connection connection = war.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table notes (text varchar(9))");
        }
        for (String target : REQUESTS) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                String request = "GET " + PATH + target + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            }
        }
    }
}
