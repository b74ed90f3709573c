package marina.server;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.AttributeChangeNotification;
import javax.management.MBeanNotificationInfo;
import javax.management.NotificationBroadcasterSupport;
import marina.backend.BackendState;
import marina.backend.BackendStatus;

/** An MBean that tells of changes of the attribute {@code State}. Thread-safe. */
class StateNotices extends NotificationBroadcasterSupport {
    private final AtomicLong sequence = new AtomicLong();

    StateNotices() {
        super(new MBeanNotificationInfo(
                new String[] {AttributeChangeNotification.ATTRIBUTE_CHANGE},
                AttributeChangeNotification.class.getName(),
                "an instance of a context has gone from one state to another"));
    }

    /**
     * Tells those who listen; {@code userData} is the path of the context, for those who listen to many.
     *
     * @param name of the context in JMX
     */
    final void changed(String name, BackendState from, BackendState to, BackendStatus now) {
        String reason = now.reason().isEmpty() ? "" : ": " + now.reason();
        AttributeChangeNotification notice = new AttributeChangeNotification(
                this,
                sequence.incrementAndGet(),
                System.currentTimeMillis(),
                name + " " + text(from) + " -> " + text(to) + reason,
                "State",
                String.class.getName(),
                text(from),
                text(to));
        notice.setUserData(name);
        sendNotification(notice);
    }

    private static String text(BackendState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
