package marina.server;

import marina.access.LineFile;

/** Shows the access log in JMX. */
record AccessLogBean(LineFile lines) implements AccessLogMXBean {
    @Override
    public int getWaiting() {
        return lines.waiting();
    }

    @Override
    public long getWritten() {
        return lines.written();
    }

    @Override
    public long getDropped() {
        return lines.dropped();
    }
}
