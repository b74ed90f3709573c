package marina.leak;

import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects that the application has exported by RMI; they are taken back. Stateless. */
final class LeftRmiTargets implements Finder {

    @Override
    public List<Left> find(StoppedApp app) {
        List<Left> left = new ArrayList<>();
        for (Object target : targets()) {
            Object exported =
                    JdkState.call(target.getClass(), "getImpl", target).orElse(null);
            Object loader = JdkState.read(target.getClass(), "ccl", target).orElse(null);
            if (exported instanceof Remote remote
                    && (app.made(remote) || (loader instanceof ClassLoader context && app.owns(context)))) {
                String type = remote.getClass().getName();
                left.add(new Left(
                        "RMI target " + type,
                        "Found RMI Target of class [" + type + "] that the web application [" + app.path()
                                + "] exported. This RMI Target has been forcibly removed to prevent a memory leak.",
                        () -> takeBack(remote)));
            }
        }
        return left;
    }

    private static Collection<Object> targets() {
        Optional<Class<?>> table = JdkState.type("sun.rmi.transport.ObjectTable");
        if (table.isEmpty()) {
            return List.of();
        }
        Collection<Object> targets = new ArrayList<>();
        Object lock = JdkState.read(table.get(), "tableLock", null).orElse(table.get());
        synchronized (lock) {
            if (JdkState.read(table.get(), "objTable", null).orElse(null) instanceof Map<?, ?> known) {
                targets.addAll(known.values());
            }
        }
        return targets;
    }

    private static void takeBack(Remote remote) {
        try {
            UnicastRemoteObject.unexportObject(remote, true);
        } catch (NoSuchObjectException e) {
            // gone meanwhile
        }
    }
}
