package marina.config;

import java.util.function.Function;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.parser.Parser;

/** Ends the parsing of a text that goes too deep: the composer calls itself for each level, so that brackets alone could use up its stack. */
final class Shallow implements Parser {
    private final Parser parser;
    private final Function<Event, RuntimeException> tooDeep;
    private int left;

    /**
     * A guard around a parser.
     *
     * @param deepest so many levels are allowed
     * @param tooDeep makes what is thrown at the first event that goes deeper
     */
    Shallow(Parser parser, int deepest, Function<Event, RuntimeException> tooDeep) {
        this.parser = parser;
        this.left = deepest;
        this.tooDeep = tooDeep;
    }

    @Override
    public boolean checkEvent(Event.ID kind) {
        return parser.checkEvent(kind);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        left -= event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
        if (left < 0) {
            throw tooDeep.apply(event);
        }
        return event;
    }
}
