package marina.access;

/** How a line of the access log is written. Thread-safe. */
interface LineForm {
    /** The line, without its end. */
    String line(Exchange exchange);
}
