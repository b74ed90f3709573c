package marina.fleet;

import java.util.Map;

/**
 * Who this machine is.
 *
 * @param app the Fly app, empty outside of Fly
 * @param region empty when nobody has said so
 * @param machine its id, empty when nobody has said so
 */
public record Here(String app, String region, String machine) {

    /** Reads FLY_APP_NAME, FLY_REGION (or MARINA_REGION) and FLY_MACHINE_ID (or MARINA_MACHINE). */
    public static Here of(Map<String, String> environment) {
        return new Here(
                environment.getOrDefault("FLY_APP_NAME", ""),
                environment.getOrDefault("FLY_REGION", environment.getOrDefault("MARINA_REGION", "")),
                environment.getOrDefault("FLY_MACHINE_ID", environment.getOrDefault("MARINA_MACHINE", "")));
    }

    @Override
    public String toString() {
        return "app=" + app + " region=" + region + " machine=" + machine;
    }
}
