package marina.webapp;

import java.nio.file.Path;
import java.util.List;

/** Says in the operator's words why a web application did not start. */
final class StartFailure {
    /** Frames that are never the application's. */
    private static final List<String> INFRASTRUCTURE =
            List.of("java.", "javax.", "jakarta.", "jdk.", "sun.", "org.eclipse.jetty.", "marina.webapp.");

    private StartFailure() {}

    /** With the archive, the class at fault and what it said. */
    static WarFailedException of(Path archive, Throwable failure) {
        Throwable root = root(failure);
        String place = place(root);
        return new WarFailedException(archive + " failed to start: " + place + reason(root), failure);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String place(Throwable root) {
        for (StackTraceElement frame : root.getStackTrace()) {
            if (INFRASTRUCTURE.stream().noneMatch(frame.getClassName()::startsWith)) {
                return frame.getClassName() + ": ";
            }
        }
        return "";
    }

    private static String reason(Throwable root) {
        if (root instanceof ClassNotFoundException || root instanceof NoClassDefFoundError) {
            return "the class " + String.valueOf(root.getMessage()).replace('/', '.') + " is missing";
        }
        return root.toString();
    }
}
