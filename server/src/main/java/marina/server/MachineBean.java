package marina.server;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.AttributeChangeNotification;
import javax.management.MBeanNotificationInfo;
import javax.management.NotificationBroadcasterSupport;
import marina.machine.MachineListener;
import marina.machine.MachineState;

/** Shows the machine in JMX. */
final class MachineBean extends NotificationBroadcasterSupport implements MachineMXBean, MachineListener {
    private final MachineSleep machine;
    private final AtomicLong sequence = new AtomicLong();

    MachineBean(MachineSleep machine) {
        super(new MBeanNotificationInfo(
                new String[] {AttributeChangeNotification.ATTRIBUTE_CHANGE},
                AttributeChangeNotification.class.getName(),
                "the state of the machine"));
        this.machine = machine;
    }

    @Override
    public void changed(MachineState from, MachineState to, String reason) {
        sendNotification(new AttributeChangeNotification(
                this,
                sequence.incrementAndGet(),
                System.currentTimeMillis(),
                reason,
                "State",
                String.class.getName(),
                from.text(),
                to.text()));
    }

    @Override
    public String getState() {
        return machine.status().state().text();
    }

    @Override
    public String getStateSince() {
        return machine.status().since().toString();
    }

    @Override
    public String getReason() {
        return machine.status().reason();
    }

    @Override
    public String getLastActivity() {
        return machine.status().lastActivity().toString();
    }

    @Override
    public String getIdleSince() {
        return machine.isInUse() ? "" : getLastActivity();
    }

    @Override
    public long getSuspends() {
        return machine.status().sleeps();
    }

    @Override
    public long getRefusals() {
        return machine.status().refusals();
    }

    @Override
    public String getLastRefusal() {
        return machine.status().lastRefusal();
    }

    @Override
    public int getWaiting() {
        return machine.waiting();
    }

    @Override
    public List<String> getLeases() {
        return machine.status().leases().stream()
                .map(lease -> lease.name() + " " + lease.left().toSeconds() + " s"
                        + (lease.context().isEmpty() ? "" : " " + lease.context()))
                .toList();
    }
}
