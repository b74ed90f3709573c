package marina.process;

/** Whose a listening socket is, as far as one can see. */
public enum ListenerOwner {
    /** A process of the tree holds it. */
    TREE,
    /** There is one, and nobody of the tree holds it. */
    STRANGER,
    /** Nobody listens there, or the system does not tell. */
    UNKNOWN
}
