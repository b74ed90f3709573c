package marina.tomcat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import marina.rest.BadCall;
import marina.rest.Call;
import marina.rest.Endpoint;
import marina.server.MarinaServer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's manager as scripts, the tomcat7-maven-plugin and Cargo use it: {@code /manager/text/COMMAND}. The first line of an
 * answer is that of Tomcat; reasons follow on further lines. Thread-safe.
 */
public final class TextManager {
    /** What all paths begin with. */
    public static final String ROOT = "/manager/text";

    private static final Logger LOG = LoggerFactory.getLogger(TextManager.class);

    /** Those that change nothing. */
    private static final Set<String> READING = Set.of(
            "",
            "/",
            "/list",
            "/serverinfo",
            "/threaddump",
            "/vminfo",
            "/resources",
            "/sslConnectorCiphers",
            "/sslConnectorCerts",
            "/sslConnectorTrustedCerts"); // sessions can end some

    private final Map<String, Endpoint> commands = new TreeMap<>();
    private final DeployCommands deploy;

    /** The manager of a server, which need not have been assembled yet. */
    public TextManager(MarinaServer server) {
        deploy = new DeployCommands(server);
        commands.put("/deploy", deploy::local);
        commands.put("/undeploy", deploy::undeploy);
        new ContextCommands(server).addTo(commands);
        new SessionCommands(server).addTo(commands);
        new ServerCommands(server).addTo(commands);
    }

    /**
     * Answers, on a thread of the pool.
     *
     * @param command what comes behind {@link #ROOT}, with its slash
     * @param user who asks
     */
    public void handle(String command, String user, Request request, Response response, Callback callback) {
        request.getContext().execute(() -> {
            try {
                answer(command, new Call(request, response, callback, user));
            } catch (DeployCommands.AlreadyThere e) {
                Lines.write(e.line(), response, callback);
            } catch (BadCall e) {
                Lines.write("FAIL - Encountered exception [" + e.line() + "]", response, callback);
            } catch (Exception e) {
                LOG.warn("{} {} failed", request.getMethod(), command, e);
                Lines.write("FAIL - Encountered exception [" + e + "]", response, callback);
            }
        });
    }

    /** Whether a command, which is what comes behind {@link #ROOT}, may change something. */
    public static boolean changes(String command) {
        return !READING.contains(command);
    }

    private void answer(String command, Call call) throws BadCall, IOException {
        boolean put = call.request().getMethod().equals("PUT");
        Endpoint endpoint = put ? null : commands.get(command);
        if (command.isEmpty() || command.equals("/")) {
            Lines.answer(call, "FAIL - No command was specified");
        } else if (put && command.equals("/deploy")) {
            deploy.upload(call);
        } else if (endpoint == null) {
            Lines.answer(call, "FAIL - Unknown command [" + command.replaceAll("[<>&]", "_") + "]");
        } else {
            endpoint.answer(call);
        }
    }
}
