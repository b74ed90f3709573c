package marina.backend;

import java.util.concurrent.CompletableFuture;

/**
 * One run of an application: a process that listens, or a web application that has been started. Made by an
 * {@link InstanceStarter}, ready when it is handed out.
 */
public interface Instance {

    /** Process id, or 0 when it runs inside this JVM. */
    long pid();

    /** Where it answers, for people: {@code 127.0.0.1:40123}; empty when it runs inside this JVM. */
    String address();

    /** Completes with the reason, in the operator's words, when it ends; also when it was asked to. */
    CompletableFuture<String> ended();

    /** Ends it, by force after its stop timeout, and runs what belongs after its end; completes when nothing is left. */
    CompletableFuture<Void> stop();
}
