package marina.host;

import marina.context.MountedContext;

/** Hears which contexts are mounted. Called by the thread that mounts; must return quickly and not throw. */
public interface HostListener {

    /** Is mounted now, in place of what was at its path. */
    void mounted(MountedContext context);

    /** Is no longer mounted, and nothing took its path. */
    void unmounted(MountedContext context);

    /** An older version of a context is mounted behind it, perhaps in place of another run of that version. */
    void olderMounted(MountedContext version);

    /** An older version has left. */
    void olderUnmounted(MountedContext version);
}
