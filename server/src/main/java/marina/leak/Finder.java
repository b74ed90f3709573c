package marina.leak;

import java.util.List;

/** Looks at one place of the JVM. Thread-safe; changes nothing before a cure is asked for. */
interface Finder {
    /** What leads from there to the application. */
    List<Left> find(StoppedApp app);
}
