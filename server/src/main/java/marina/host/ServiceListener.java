package marina.host;

/** Hears which services there are. Called by the thread of the services; must return quickly and not throw. */
public interface ServiceListener {

    /** Is wanted now, in place of another of its name. */
    void added(Service service);

    /** Is no longer wanted. */
    void removed(Service service);
}
