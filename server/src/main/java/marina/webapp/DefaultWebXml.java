package marina.webapp;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The operator's web.xml, which comes before that of each WAR. What it says is put into Jetty's own defaults of a level,
 * whatever namespace it is written in. What is of Tomcat itself is left out, so that a copy of Tomcat's file will do.
 *
 * @param elements what is left
 * @param listings whether Tomcat's default servlet is told to list folders
 * @param ignored names of servlets, filters and listeners that are left out, with their init parameters
 */
record DefaultWebXml(List<Element> elements, boolean listings, Set<String> ignored) {
    private static final Pattern OF_TOMCAT = Pattern.compile("org\\.apache\\.(catalina|jasper)\\..*");
    private static final String WELCOME = "welcome-file-list";

    DefaultWebXml {
        elements = List.copyOf(elements);
    }

    /**
     * Reads it.
     *
     * @throws IOException when it cannot be read, or is no XML
     */
    static DefaultWebXml read(Path file) throws IOException {
        Element root;
        try (InputStream content = Files.newInputStream(file)) {
            root = parse(content).getDocumentElement();
        }
        Set<String> ignored = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        List<Element> elements = new ArrayList<>();
        boolean listings = false;
        for (Element element : children(root)) {
            String type = first(element, element.getLocalName() + "-class");
            if (OF_TOMCAT.matcher(type).matches()) {
                String name = first(element, element.getLocalName() + "-name");
                names.add(element.getLocalName() + " " + name);
                listings |= parameter(element, "listings").equals("true");
                ignored.add(describe(element, name.isEmpty() ? type : name));
            }
        }
        for (Element element : children(root)) {
            if (!isOf(element, names)) {
                elements.add(element);
            }
        }
        return new DefaultWebXml(elements, listings, ignored);
    }

    /** Whether an element declares or maps one of those that are left out. */
    private static boolean isOf(Element element, Set<String> names) {
        String kind = element.getLocalName().replace("-mapping", "");
        boolean listener = OF_TOMCAT.matcher(first(element, "listener-class")).matches();
        return listener || names.contains(kind + " " + first(element, kind + "-name"));
    }

    private static String describe(Element element, String name) {
        List<String> parameters = children(element).stream()
                .filter(child -> child.getLocalName().equals("init-param"))
                .map(child -> first(child, "param-name"))
                .filter(parameter -> !parameter.equals("listings"))
                .toList();
        return element.getLocalName() + " " + name
                + (parameters.isEmpty() ? "" : " (" + String.join(", ", parameters) + ")");
    }

    /**
     * Jetty's own defaults with these on top.
     *
     * @param own Jetty's
     * @throws IOException when Jetty's are not what they used to be
     */
    String over(InputStream own) throws IOException {
        Document document = parse(own);
        Element root = document.getDocumentElement();
        if (elements.stream().anyMatch(element -> element.getLocalName().equals(WELCOME))) {
            children(root).stream()
                    .filter(element -> element.getLocalName().equals(WELCOME))
                    .forEach(root::removeChild);
        }
        elements.forEach(element -> root.appendChild(copy(document, element, root.getNamespaceURI())));
        StringWriter text = new StringWriter();
        try {
            TransformerFactory.newDefaultInstance()
                    .newTransformer()
                    .transform(new DOMSource(document), new StreamResult(text));
        } catch (TransformerException e) {
            throw new IOException(e);
        }
        return text.toString();
    }

    private static Element copy(Document document, Element element, String namespace) {
        Element copy = document.createElementNS(namespace, element.getLocalName());
        List<Element> children = children(element);
        if (children.isEmpty()) {
            copy.setTextContent(element.getTextContent());
        }
        children.forEach(child -> copy.appendChild(copy(document, child, namespace)));
        return copy;
    }

    private static Document parse(InputStream content) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            // Nothing is ever fetched.
            builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
            builder.setErrorHandler(null);
            return builder.parse(content);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String parameter(Element servlet, String name) {
        return children(servlet).stream()
                .filter(child -> first(child, "param-name").equals(name))
                .map(child -> first(child, "param-value"))
                .findFirst()
                .orElse("");
    }

    private static String first(Element parent, String name) {
        return children(parent).stream()
                .filter(child -> child.getLocalName().equals(name))
                .map(child -> child.getTextContent().strip())
                .findFirst()
                .orElse("");
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }
}
