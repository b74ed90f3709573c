package marina.history;

import java.util.List;

/** A rollback that is not done; everything is as it was. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> messages;

    RefusedException(List<String> messages) {
        super(String.join("; ", messages));
        this.messages = List.copyOf(messages);
    }

    /** Why, a line each, for the operator. */
    public List<String> messages() {
        return messages;
    }
}
