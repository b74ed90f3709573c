package marina.webapp;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says in the operator's words why a web application did not start. */
final class StartFailure {
    /** Jetty says it only so; a servlet is "name@hash==class{…}", a listener "class@hash{…}". */
    private static final Pattern UNLOADABLE = Pattern.compile("Class loading error for holder (?:[^{]*==)?([\\w.$]+)");

    /** Which descriptor has named that class, if one has. */
    private static final Pattern DESCRIPTOR =
            Pattern.compile("src=DESCRIPTOR:[^}]*?/(WEB-INF/[^},]+|defaults-web\\.xml)");

    private StartFailure() {}

    /**
     * With the archive, the class at fault and what it said.
     *
     * @param loader of the web application, if it came to have one
     */
    static WarFailedException of(Path archive, Throwable failure, @Nullable ClassLoader loader) {
        Throwable root = root(failure);
        String begin = archive + " failed to start: ";
        Matcher unloadable = UNLOADABLE.matcher(String.valueOf(root.getMessage()));
        return unloadable.find()
                ? WarFailedException.explained(
                        begin + unloadable(unloadable.group(1), descriptor(root), loader), failure)
                : new WarFailedException(begin + place(root) + reason(root), failure);
    }

    private static String descriptor(Throwable root) {
        Matcher descriptor = DESCRIPTOR.matcher(String.valueOf(root.getMessage()));
        if (!descriptor.find()) {
            return "";
        }
        return descriptor.group(1).startsWith("WEB-INF") ? descriptor.group(1) : "conf/web.xml";
    }

    /** Jetty does not pass on why: so it is tried once more. */
    private static String unloadable(String type, String descriptor, @Nullable ClassLoader loader) {
        String named = descriptor.isEmpty() ? "" : ", which " + descriptor + " names";
        String advice = "; put it into WEB-INF/classes or a jar in WEB-INF/lib"
                + (descriptor.isEmpty() ? "" : ", or take it out of " + descriptor);
        try {
            if (loader != null) {
                Class.forName(type, false, loader);
            }
        } catch (ClassNotFoundException e) {
            return "the class " + type + " is missing" + named + advice;
        } catch (LinkageError e) {
            return "the class " + type + named + (named.isEmpty() ? "" : ",") + " cannot be loaded: " + reason(root(e));
        }
        return "the class " + type + " is missing or cannot be loaded" + named + advice;
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
        return root.toString();
    }
}
