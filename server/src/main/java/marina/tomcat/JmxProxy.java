package marina.tomcat;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import marina.rest.Call;
import org.eclipse.jetty.server.Request;

/**
 * Tomcat's JMX proxy, {@code /manager/jmxproxy}: {@code ?qry=}, {@code ?get=&att=&key=}, {@code ?set=&att=&val=} and
 * {@code ?invoke=&op=&ps=}. Answers have Tomcat's form, but no stack traces. Thread-safe.
 */
public final class JmxProxy {
    /** Its path. */
    public static final String PATH = "/manager/jmxproxy";

    private final Supplier<MBeanServer> mbeans;

    /** A proxy of the beans of a server. */
    public JmxProxy(Supplier<MBeanServer> mbeans) {
        this.mbeans = mbeans;
    }

    /** Whether a request sets or invokes something, or may do so. */
    public static boolean changes(Request request) {
        String query = request.getHttpURI().getQuery();
        return query != null && !query.matches("(?:qry|get|att|key)=[^&;]*(?:&(?:att|key)=[^&;]*)*");
    }

    /** Answers; on a thread that may block, since beans may. */
    public void answer(Call call) {
        String text;
        try {
            text = text(call);
        } catch (JMException | RuntimeMBeanException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            text = "Error - " + cause + "\n";
        } catch (RuntimeException e) {
            text = "Error - " + e + "\n";
        }
        call.text(text);
    }

    private String text(Call call) throws JMException {
        if (!call.optional("set").isEmpty()) {
            return set(call.optional("set"), call.optional("att"), call.optional("val"));
        }
        if (!call.optional("get").isEmpty()) {
            return get(call.optional("get"), call.optional("att"), call.optional("key"));
        }
        if (!call.optional("invoke").isEmpty()) {
            return invoke(call.optional("invoke"), call.optional("op"), call.optional("ps"));
        }
        return list(call.optional("qry").isEmpty() ? "*:*" : call.optional("qry"));
    }

    private String get(String name, String attribute, String key) throws JMException {
        Object value = mbeans.get().getAttribute(new ObjectName(name), attribute);
        if (!key.isEmpty() && value instanceof CompositeData composite) {
            value = composite.get(key);
        }
        return "OK - Attribute get '" + name + "' - " + attribute + (key.isEmpty() ? "" : " - key '" + key + "'")
                + " = " + escaped(value == null ? "<null>" : value.toString()) + "\n";
    }

    private String set(String name, String attribute, String value) throws JMException {
        ObjectName bean = new ObjectName(name);
        String type = Arrays.stream(mbeans.get().getMBeanInfo(bean).getAttributes())
                .filter(known -> known.getName().equals(attribute))
                .map(MBeanAttributeInfo::getType)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no attribute " + attribute));
        mbeans.get().setAttribute(bean, new Attribute(attribute, converted(type, value)));
        return "OK - Attribute set\n";
    }

    private String invoke(String name, String operation, String parameters) throws JMException {
        ObjectName bean = new ObjectName(name);
        List<String> values = parameters.isEmpty() ? List.of() : List.of(parameters.split(",", -1));
        MBeanInfo info = mbeans.get().getMBeanInfo(bean);
        MBeanOperationInfo known = Arrays.stream(info.getOperations())
                .filter(one -> one.getName().equals(operation) && one.getSignature().length == values.size())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Cannot find operation [" + operation + "] with ["
                        + values.size() + "] arguments on object name [" + name + "], which is a ["
                        + info.getClassName() + "]"));
        MBeanParameterInfo[] signature = known.getSignature();
        Object[] arguments = new Object[signature.length];
        String[] types = new String[signature.length];
        for (int i = 0; i < signature.length; i++) {
            types[i] = signature[i].getType();
            arguments[i] = converted(types[i], values.get(i));
        }
        Object result = mbeans.get().invoke(bean, operation, arguments, types);
        if (known.getReturnType().equals("void")) {
            return "OK - Operation " + operation + " without return value\n";
        }
        return "OK - Operation " + operation + " returned:\n" + shown(result) + "\n";
    }

    private String list(String query) throws JMException {
        TreeSet<ObjectName> names = new TreeSet<>(mbeans.get().queryNames(new ObjectName(query), null));
        StringBuilder text = new StringBuilder("OK - Number of results: ")
                .append(names.size())
                .append("\n\n");
        for (ObjectName name : names) {
            dump(name, text);
        }
        return text.toString();
    }

    private void dump(ObjectName name, StringBuilder text) {
        MBeanInfo info;
        try {
            info = mbeans.get().getMBeanInfo(name);
        } catch (JMException e) {
            return; // gone meanwhile
        }
        text.append("Name: ").append(name).append('\n');
        text.append("modelerType: ").append(info.getClassName()).append('\n');
        for (MBeanAttributeInfo attribute : info.getAttributes()) {
            if (!attribute.isReadable()) {
                continue;
            }
            try {
                Object value = mbeans.get().getAttribute(name, attribute.getName());
                if (value != null) {
                    text.append(attribute.getName())
                            .append(": ")
                            .append(shown(value))
                            .append('\n');
                }
            } catch (JMException | RuntimeException e) {
                // an attribute that cannot be read is left out, as Tomcat does
            }
        }
        text.append('\n');
    }

    private static String shown(Object value) {
        if (value instanceof Object[] values) {
            return escaped("Array[" + value.getClass().getComponentType().getName() + "] of length " + values.length
                    + "\n\t"
                    + String.join(
                            "\n\t", Arrays.stream(values).map(String::valueOf).toList()));
        }
        return escaped(String.valueOf(value));
    }

    /** A value of several lines is one value: its lines begin with a blank. */
    private static String escaped(String text) {
        return text.replace("\r\n", "\n").replace("\n", "\n ");
    }

    private static Object converted(String type, String value) {
        return switch (type) {
            case "java.lang.String" -> value;
            case "javax.management.ObjectName" -> name(value);
            case "int", "java.lang.Integer" -> Integer.valueOf(value);
            case "long", "java.lang.Long" -> Long.valueOf(value);
            case "boolean", "java.lang.Boolean" -> Boolean.valueOf(value);
            case "double", "java.lang.Double" -> Double.valueOf(value);
            default -> throw new IllegalArgumentException("a value of the type " + type + " cannot be written here");
        };
    }

    private static ObjectName name(String value) {
        try {
            return new ObjectName(value);
        } catch (JMException e) {
            throw new IllegalArgumentException(value + " is no name of a bean", e);
        }
    }
}
