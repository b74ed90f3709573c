package marina.tomcat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import marina.rest.BadCall;
import marina.rest.Call;
import marina.rest.Endpoint;
import marina.server.MarinaServer;

/** The commands about the server and its JVM. */
record ServerCommands(MarinaServer server) {

    void addTo(Map<String, Endpoint> commands) {
        commands.put("/serverinfo", this::info);
        commands.put("/threaddump", this::threads);
        commands.put("/vminfo", this::machine);
        commands.put("/findleaks", this::leaks);
        commands.put("/resources", this::resources);
        commands.put(
                "/save",
                call -> Lines.answer(
                        call,
                        "FAIL - Configuration save failed: [the configuration is what its files say; nothing is to be saved]"));
        commands.put("/sslReload", this::reloadTls);
        commands.put("/sslConnectorCiphers", this::ciphers);
        commands.put("/sslConnectorCerts", this::certificates);
        commands.put(
                "/sslConnectorTrustedCerts",
                call -> Lines.answer(
                        call,
                        "OK - Connector / Trusted Certificate information",
                        List.of("No trusted certificates are configured for this virtual host")));
    }

    private void info(Call call) {
        Lines.answer(
                call,
                "OK - Server info",
                List.of(
                        "Tomcat Version: [Marina/" + MarinaServer.version() + "]",
                        "OS Name: [" + System.getProperty("os.name") + "]",
                        "OS Version: [" + System.getProperty("os.version") + "]",
                        "OS Architecture: [" + System.getProperty("os.arch") + "]",
                        "JVM Version: [" + System.getProperty("java.runtime.version") + "]",
                        "JVM Vendor: [" + System.getProperty("java.vm.vendor") + "]"));
    }

    private void threads(Call call) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<String> lines = new ArrayList<>();
        for (ThreadInfo thread : threads.dumpAllThreads(true, true)) {
            if (thread != null) {
                lines.add("");
                lines.add("\"" + thread.getThreadName() + "\" #" + thread.getThreadId() + " " + thread.getThreadState()
                        + (thread.getLockName() == null ? "" : " on " + thread.getLockName()));
                Stream.of(thread.getStackTrace()).forEach(frame -> lines.add("\tat " + frame));
            }
        }
        for (Thread thread : server.virtualThreads()) {
            lines.add("");
            lines.add("\"" + thread.getName() + "\" #" + thread.getId() + " virtual " + thread.getState());
            Stream.of(thread.getStackTrace()).forEach(frame -> lines.add("\tat " + frame));
        }
        Lines.answer(call, "OK - JVM thread dump", lines);
    }

    private void machine(Call call) {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        List<String> lines = new ArrayList<>();
        lines.add("Runtime information:");
        lines.add("  vmName: " + runtime.getVmName());
        lines.add("  vmVersion: " + runtime.getVmVersion());
        lines.add("  vmVendor: " + runtime.getVmVendor());
        lines.add("  uptime: " + runtime.getUptime());
        lines.add("  startTime: " + runtime.getStartTime());
        lines.add("OS information:");
        lines.add("  availableProcessors: " + Runtime.getRuntime().availableProcessors());
        lines.add("  systemLoadAverage: "
                + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        lines.add("ThreadMXBean capabilities and state:");
        lines.add("  threadCount: " + ManagementFactory.getThreadMXBean().getThreadCount());
        lines.add("Memory information:");
        lines.add("  heapMemoryUsage: " + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
        lines.add("  nonHeapMemoryUsage: " + ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            lines.add("  " + pool.getName() + ": " + pool.getUsage());
        }
        Lines.answer(call, "OK - VM info", lines);
    }

    private void leaks(Call call) throws BadCall {
        List<String> found = server.findLeaks().stream()
                .map(line -> line.substring(0, Math.max(0, line.indexOf(' '))))
                .distinct()
                .toList();
        if (!call.flag("statusLine")) {
            call.text(found.isEmpty() ? "" : String.join("\n", found) + "\n");
        } else if (found.isEmpty()) {
            Lines.answer(call, "OK - No memory leaks found");
        } else {
            Lines.answer(call, "OK - Found potential memory leaks in the following applications:", found);
        }
    }

    /** Resources belong to contexts here. */
    private void resources(Call call) {
        String type = call.optional("type");
        Lines.answer(
                call,
                type.isEmpty()
                        ? "OK - Listed global resources of all types"
                        : "OK - Listed global resources of type [" + type.replaceAll("[<>&\\p{Cntrl}]", "_") + "]");
    }

    /** Certificates are read again with everything else. */
    private void reloadTls(Call call) {
        String host = call.optional("tlsHostName").replaceAll("[<>&\\p{Cntrl}]", "_");
        var unused = server.reloader().reload().thenAccept(outcome -> {
            if (outcome.succeeded()) {
                Lines.answer(
                        call,
                        host.isEmpty()
                                ? "OK - Reloaded TLS configuration for all TLS virtual hosts"
                                : "OK - Reloaded TLS configuration for [" + host + "]");
            } else {
                Lines.answer(call, "FAIL - Failed to reload TLS configuration", outcome.messages());
            }
        });
    }

    private void ciphers(Call call) {
        List<String> lines = new ArrayList<>();
        server.tlsListeners().forEach(listener -> {
            lines.add("Connector[" + listener.url() + "]");
            listener.ciphers().forEach(cipher -> lines.add("  " + cipher));
        });
        Lines.answer(call, "OK - Connector / SSL Cipher information", lines);
    }

    private void certificates(Call call) {
        List<String> lines = new ArrayList<>();
        server.tlsListeners().forEach(listener -> {
            lines.add("Connector[" + listener.url() + "]");
            listener.certificates().forEach(certificate -> lines.add("  " + certificate));
        });
        Lines.answer(call, "OK - Connector / Certificate Chain information", lines);
    }
}
