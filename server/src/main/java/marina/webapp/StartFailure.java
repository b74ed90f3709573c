package marina.webapp;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in the operator's words why a web application did not start. */
final class StartFailure {
    /** Jetty says it only so; a servlet is "name@hash==class{…}", a listener "class@hash{…}". */
    private static final Pattern UNLOADABLE = Pattern.compile("Class loading error for holder (?:[^{]*==)?([\\w.$]+)");

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

    /** The web application's own loader is the only one around without a name. */
    private static String place(Throwable root) {
        for (StackTraceElement frame : root.getStackTrace()) {
            if (frame.getClassLoaderName() == null && frame.getModuleName() == null) {
                return frame.getClassName() + ": ";
            }
        }
        return "";
    }

    private static String reason(Throwable root) {
        if (root instanceof ClassNotFoundException || root instanceof NoClassDefFoundError) {
            return "the class " + String.valueOf(root.getMessage()).replace('/', '.') + " is missing";
        }
        Matcher unloadable = UNLOADABLE.matcher(String.valueOf(root.getMessage()));
        if (unloadable.find()) {
            return "the class " + unloadable.group(1) + " is missing or cannot be loaded";
        }
        return root.toString();
    }
}
