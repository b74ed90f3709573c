package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.config.EeLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications read from the jars of their level, as compilers of JSP pages do, while others stop. */
class SharedJarsTest {
    /** Keeps a stream of another jar's entry between two requests. */
    private static final String READER =
            """
            if (q.getParameter("open") != null) {
                InputStream in = getClass().getClassLoader().getResourceAsStream("jakarta/servlet/http/HttpServlet.class");
                in.read();
                getServletContext().setAttribute("in", in);
            } else {
                int rest = ((InputStream) getServletContext().getAttribute("in")).readAllBytes().length;
                a.getWriter().print(rest > 1_000 ? "whole" : "cut");
            }
            """;

    @TempDir
    private Path base;

    @Test
    void theStopOfOneTakesNothingFromAnother() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.Do", TestWar.servlet(READER))
                .pack("reader.war");
        try (HostUnderTest host = new HostUnderTest(base)) {
            host.start(host.settings("/stays", archive));
            HostedWar goes = host.start(host.settings("/goes", archive));
            assertThat(host.response("/stays/do?open").statusCode()).isEqualTo(200);
            assertThat(host.response("/goes/do?open").statusCode()).isEqualTo(200);

            host.stop(goes);

            assertThat(host.get("/stays/do")).isEqualTo("whole");
        }
    }
}
