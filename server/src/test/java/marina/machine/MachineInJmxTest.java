package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.AttributeChangeNotification;
import javax.management.ObjectName;
import marina.testing.MachinesApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the MBean of the machine tells. */
class MachineInJmxTest {
    @TempDir
    private Path base;

    @Test
    void itTellsOfEachStateAndOfRefusals() throws Exception {
        ObjectName name = new ObjectName("marina:type=Machine");
        try (MachineBed bed = MachineBed.start(base, "timeout: 1s", MachineBed.app(""))) {
            List<String> states = new CopyOnWriteArrayList<>();
            bed.api.does(call -> MachinesApi.answer(409, "busy"));
            bed.marina
                    .mbeans()
                    .addNotificationListener(
                            name,
                            (notification, handback) ->
                                    states.add(((AttributeChangeNotification) notification).getOldValue() + " to "
                                            + ((AttributeChangeNotification) notification).getNewValue()),
                            null,
                            null);
            assertThat(bed.marina.mbeans().getAttribute(name, "State")).isEqualTo("running");

            await("a refusal").atMost(MachineBed.PATIENCE).until(() -> states.size() >= 3);

            assertThat(states.subList(0, 3))
                    .containsExactly("running to idling", "idling to suspended", "suspended to running");
            assertThat(bed.marina.mbeans().getAttribute(name, "Refusals")).isEqualTo(1L);
            assertThat((String) bed.marina.mbeans().getAttribute(name, "LastRefusal"))
                    .contains("409 busy");
            assertThat((String) bed.marina.mbeans().getAttribute(name, "IdleSince"))
                    .isNotEmpty();
        }
    }
}
