package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a WAR is told besides its own web.xml. What is not said here is as the web.xml says.
 *
 * @param users who may log in to it, and with which roles
 * @param defaults a web.xml that comes before the WAR's own; an empty path for none
 * @param defaultsStamp tells one content of that file from the next
 * @param listings whether the names of the files of a folder are shown; empty where nothing is written
 * @param sessionTimeout a session ends this long after its last request; zero means never; empty where nothing is written
 * @param welcomeFiles what is shown for a folder; none where nothing is written
 * @param parameters init parameters of the servlet context
 * @param mime types by extension, without the dot
 * @param jarsToSkip names of jars with {@code *} and {@code ?}, in which nothing is looked for
 * @param maxForm bytes of the fields of a form at most, files that are uploaded not counted; 0 means no limit
 * @param errorPages for errors for which the WAR has no page
 */
public record WebConfig(
        UsersConfig users,
        Path defaults,
        FileStamp defaultsStamp,
        Optional<Boolean> listings,
        Optional<Duration> sessionTimeout,
        List<String> welcomeFiles,
        Map<String, String> parameters,
        Map<String, String> mime,
        List<String> jarsToSkip,
        long maxForm,
        ErrorPages errorPages) {

    /** What Tomcat takes where nothing is said. */
    public static final long USUAL_FORM = 2 * 1024 * 1024;

    /** Nothing. */
    public static final WebConfig DEFAULT = new WebConfig(
            UsersConfig.NONE,
            Path.of(""),
            new FileStamp(0, 0),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            Map.of(),
            List.of(),
            USUAL_FORM,
            ErrorPages.NONE);

    /** Copies its collections. */
    public WebConfig {
        welcomeFiles = List.copyOf(welcomeFiles);
        parameters = Map.copyOf(parameters);
        mime = Map.copyOf(mime);
        jarsToSkip = List.copyOf(jarsToSkip);
    }

    /** Whether there is a web.xml that comes before the WAR's own. */
    public boolean hasDefaults() {
        return !defaults.toString().isEmpty();
    }
}
