package marina.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns values into texts that the readers read back, without the secrets in them. */
final class DumpText {
    private final Directories directories;

    DumpText(Directories directories) {
        this.directories = directories;
    }

    /** A text that is read back as it is: no secret of a URL in it, and no name to fill in. */
    static String text(String text) {
        return Secrets.maskUrl(text).replace("${", "$${");
    }

    static String template(Template template) {
        return Secrets.maskUrl(template.toString());
    }

    static List<String> templates(List<Template> templates) {
        return templates.stream().map(DumpText::template).toList();
    }

    /** Variables by name, those that hold secrets masked. */
    static Map<String, Object> env(Map<String, Template> env) {
        Map<String, Object> result = new TreeMap<>();
        env.forEach((name, value) -> result.put(name, Secrets.isSecretName(name) ? Secrets.MASK : template(value)));
        return result;
    }

    /** The same for texts. */
    static Map<String, Object> parameters(Map<String, String> parameters) {
        Map<String, Object> result = new TreeMap<>();
        parameters.forEach((name, value) -> result.put(name, Secrets.isSecretName(name) ? Secrets.MASK : text(value)));
        return result;
    }

    static String uri(URI uri) {
        return text(uri.toString());
    }

    static List<String> sorted(Collection<String> texts) {
        return texts.stream().sorted().map(DumpText::text).toList();
    }

    /** A path, relative to the base where it lies below it. */
    String path(Path path) {
        String display = directories.display(path);
        return text(display.isEmpty() ? "." : display);
    }

    /** A WAR, relative to webapps where it lies below it. */
    String archive(Path archive) {
        Path webapps = directories.webapps();
        return text(archive.startsWith(webapps) ? webapps.relativize(archive).toString() : archive.toString());
    }

    List<Object> hooks(List<Hook> hooks) {
        return hooks.stream().map(this::hook).toList();
    }

    private Object hook(Hook hook) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("command", templates(hook.command()));
        result.put("timeout", DurationText.format(hook.timeout()));
        if (!hook.reloadConfig().isEmpty()) {
            result.put("reload_config", text(hook.reloadConfig()));
        }
        hook.directory().ifPresent(folder -> result.put("directory", path(folder)));
        if (!hook.env().isEmpty()) {
            result.put("env", env(hook.env()));
        }
        if (!hook.required()) {
            result.put("required", false);
        }
        return result;
    }

    /** A script. */
    Map<String, Object> cgi(Content.Cgi cgi) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("script", path(cgi.script()));
        result.put("directory", path(cgi.directory()));
        result.put("env", env(cgi.env()));
        result.put(
                "allowed_users", cgi.allowedUsers().stream().map(DumpText::text).toList());
        result.put("timeout", DurationText.format(cgi.timeout()));
        result.put("max_concurrent", cgi.maxConcurrent());
        result.put("reload_config", text(cgi.reloadConfig()));
        result.put("user", text(cgi.process().user()));
        result.put("group", text(cgi.process().group()));
        result.put("inherit_env", cgi.process().inheritEnv());
        return result;
    }
}
