package marina.config;

import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Prints the configuration that is in effect, all defaults and everything inherited filled in, in the form that
 * {@link ConfigLoader} reads. Secrets are masked; without any, loading the result gives an equal configuration.
 */
public final class ConfigDump {
    private final Directories directories;

    /** A printer for one instance. */
    public ConfigDump(Directories directories) {
        this.directories = directories;
    }

    /** The configuration as YAML. */
    public String dump(ServerConfig config) {
        return yaml(new ServerDump(new DumpText(directories)).dump(config));
    }

    /** One context of a configuration as YAML. */
    public String dump(ServerConfig config, ContextConfig context) {
        ContextDump dump = new ContextDump(new DumpText(directories), config);
        return yaml(Map.of(dump.path(context.path()), dump.dump(context)));
    }

    private static String yaml(Map<String, Object> root) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSchema(new CoreSchema())
                .setDereferenceAliases(true)
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(root);
    }
}
