package marina.acme;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Instant;
import java.util.Optional;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeRetryAfterException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** Says to operators what went wrong with an order, and what they can do (RFC 8555 section 6.7). Pure. */
final class Explanation {
    private static final String ERROR = "urn:ietf:params:acme:error:";
    private static final int LONGEST_DETAIL = 500;
    private static final int DEEPEST_CAUSE = 10;

    private Explanation() {}

    /** Whether somebody has ended the thread's work, rather than the authority. */
    static boolean isInterruption(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof InterruptedException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Of what acme4j throws. */
    @SuppressWarnings("deprecation") // AcmeRetryAfterException still comes where a nonce is refused
    static OrderException of(URI directory, Exception failure) {
        if (failure instanceof AcmeLazyLoadingException lazy && lazy.getCause() instanceof AcmeException cause) {
            return of(directory, cause);
        }
        if (failure instanceof AcmeRateLimitedException limited) {
            Instant then = limited.getRetryAfter().orElse(Instant.MIN);
            return new OrderException(
                    told(limited.getProblem()) + "; Marina waits as long as the authority asks for; for trials use its"
                            + " staging directory",
                    then,
                    limited);
        }
        if (failure instanceof AcmeRetryAfterException busy) {
            return new OrderException("the authority is busy: " + clean(busy), busy.getRetryAfter(), busy);
        }
        if (failure instanceof AcmeServerException refused) {
            return new OrderException(
                    told(refused.getProblem()) + "; " + advice(type(refused.getProblem()), "the name"), refused);
        }
        if (failure instanceof AcmeNetworkException network) {
            return new OrderException(
                    "the authority at " + directory + " cannot be reached (" + reason(network)
                            + "); look at the network, the DNS and directory",
                    network);
        }
        return new OrderException(
                "the authority at " + directory + " did not answer as ACME wants it (" + clean(failure)
                        + "); when this stays, look at directory: it must be the URL of an ACME directory",
                failure);
    }

    /** The authority has not seen what it wanted to see at a name. */
    static OrderException notProven(String domain, Status status, Optional<Problem> problem) {
        String why = problem.map(Explanation::told).orElse("the authority says " + status + " and no reason");
        String type = problem.map(Explanation::type).orElse("connection");
        return new OrderException(
                domain + ": " + why + "; " + advice(type, domain), new AcmeException("authorization " + status));
    }

    /** The order itself has failed. */
    static OrderException notReady(Status status, Optional<Problem> problem) {
        String why = problem.map(Explanation::told).orElse("the order is " + status + ", and no reason is given");
        return new OrderException(
                why + "; " + advice(problem.map(Explanation::type).orElse(""), "the name"),
                new AcmeException("order " + status));
    }

    private static String advice(String type, String domain) {
        String url = "http://" + (domain.contains(" ") ? "NAME" : domain) + "/.well-known/acme-challenge/";
        return switch (type) {
            case "connection", "incorrectResponse", "unauthorized", "tls" -> "the authority must reach this machine at "
                    + url
                    + " on port 80: let the name lead here and nowhere else (A and AAAA records), and port 80 through"
                    + " the firewall to a listener without tls";
            case "dns" -> "make an A or AAAA record by which " + domain + " leads to this machine";
            case "caa" -> "the CAA record of " + domain + " must allow this authority";
            case "rejectedIdentifier", "unsupportedIdentifier" -> "take " + domain + " out of domains";
            case "invalidContact", "unsupportedContact" -> "write another email";
            case "userActionRequired" -> "the authority has new terms: read them, and do what it says";
            default -> "Marina tries again; when this stays, ask the authority";
        };
    }

    private static String type(Problem problem) {
        String type = problem.getType().toString();
        return type.startsWith(ERROR) ? type.substring(ERROR.length()) : type;
    }

    private static String told(Problem problem) {
        String detail = problem.getDetail().or(problem::getTitle).orElse("no detail");
        StringBuilder text = new StringBuilder("the authority says " + type(problem) + ": " + clean(detail));
        problem.getSubProblems().forEach(part -> text.append("; ")
                .append(part.getIdentifier().map(Object::toString).orElse(""))
                .append(' ')
                .append(part.getDetail().map(Explanation::clean).orElse("")));
        return text.toString();
    }

    /** The JDK's client hides the reason below exceptions without a message. */
    private static String reason(Throwable failure) {
        String kind = "no connection";
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof UnresolvedAddressException) {
                return "its name is not found in the DNS";
            }
            if (cause instanceof ConnectException) {
                kind = "the connection is refused";
            } else if (cause instanceof IOException && cause.getMessage() != null) {
                return clean(cause.getClass().getSimpleName() + ": " + cause.getMessage());
            }
            cause = cause.getCause();
        }
        return kind;
    }

    private static String clean(Exception failure) {
        String message = failure.getMessage();
        return clean(message == null ? failure.getClass().getSimpleName() : message);
    }

    /** What others say, on one line and not too long. */
    private static String clean(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return line.length() > LONGEST_DETAIL ? line.substring(0, LONGEST_DETAIL) + "…" : line;
    }
}
