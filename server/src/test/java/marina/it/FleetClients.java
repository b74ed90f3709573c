package marina.it;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Clients of a fleet, in ewr, who count what they get. */
final class FleetClients {
    private static final int UPLOAD = 50 * 1024 * 1024;

    private final SimulatedFleet fleet;

    FleetClients(SimulatedFleet fleet) {
        this.fleet = fleet;
    }

    /** Asks many times at once for what one region must answer. */
    void ask(Tally tally, String region, String path, int times) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(fleet.getAsync("ewr", path).handle((answer, failure) -> {
                tally.count(region, "GET " + path, answer, failure);
                return answer;
            }));
        }
        answers.forEach(CompletableFuture::join);
    }

    /** Sends 50 MB; an answer that is right has their digest. Null when the connection broke off. */
    @Nullable
    HttpResponse<String> upload(Tally tally, String region, String path) {
        byte[] body = new byte[UPLOAD];
        new Random(1).nextBytes(body);
        HttpRequest request =
                fleet.from("ewr", path).POST(BodyPublishers.ofByteArray(body)).build();
        return fleet.client()
                .sendAsync(request, BodyHandlers.ofString())
                .handle((answer, failure) -> {
                    boolean whole = answer == null
                            || answer.statusCode() != 200
                            || answer.body().contains("\"bytes\":" + UPLOAD + ",\"sha256\":\"" + digest(body));
                    tally.count(whole ? region : "nowhere", "POST " + path, answer, failure);
                    return answer;
                })
                .join();
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The first message of a WebSocket that a client opens. */
    String firstWords(String path) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        WebSocket socket = fleet.client()
                .newWebSocketBuilder()
                .header("Sim-From", "ewr")
                .connectTimeout(SimulatedFleet.PATIENCE)
                .buildAsync(URI.create(fleet.uri(path).toString().replace("http:", "ws:")), new WebSocket.Listener() {
                    @Override
                    @SuppressWarnings("NullAway") // null means that the text may go at once
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        heard.complete(data.toString());
                        return null;
                    }
                })
                .get(SimulatedFleet.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        socket.request(1);
        String words = heard.get(SimulatedFleet.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        socket.abort();
        return words;
    }
}
