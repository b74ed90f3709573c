package marina.webapp;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * What has to be known of WEB-INF/web.xml before Jetty reads it.
 *
 * @param version of the web-app element, empty when there is none
 * @param realm the name that its login-config gives, empty when there is none
 * @param dataSources names of the resource-refs that want a {@code javax.sql.DataSource}
 * @param classes servlets, filters and listeners
 */
record Descriptor(String version, String realm, List<String> dataSources, List<String> classes) {
    private static final Logger LOG = LoggerFactory.getLogger(Descriptor.class);
    private static final Descriptor NONE = new Descriptor("", "", List.of(), List.of());

    Descriptor {
        dataSources = List.copyOf(dataSources);
        classes = List.copyOf(classes);
    }

    /** Reads the descriptor of an exploded WAR; one that is missing or malformed counts as empty, Jetty will complain. */
    static Descriptor of(Path folder) {
        Path file = folder.resolve("WEB-INF").resolve("web.xml");
        if (!Files.isRegularFile(file)) {
            return NONE;
        }
        try (InputStream content = Files.newInputStream(file)) {
            return read(parser().parse(content));
        } catch (IOException | SAXException | ParserConfigurationException e) {
            LOG.debug("Cannot read {}", file, e);
            return NONE;
        }
    }

    private static DocumentBuilder parser() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setExpandEntityReferences(false);
        DocumentBuilder builder = factory.newDocumentBuilder();
        // Old descriptors name a DTD on a web server that is long gone; nothing is ever fetched.
        builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
        builder.setErrorHandler(null);
        return builder;
    }

    private static Descriptor read(Document document) {
        Element root = document.getDocumentElement();
        List<String> classes = new ArrayList<>();
        for (String name : List.of("servlet-class", "filter-class", "listener-class")) {
            classes.addAll(texts(root, name));
        }
        List<String> sources = new ArrayList<>();
        for (Element reference : elements(root, "resource-ref")) {
            if (texts(reference, "res-type").contains("javax.sql.DataSource")) {
                sources.addAll(texts(reference, "res-ref-name"));
            }
        }
        List<String> realms = texts(root, "realm-name");
        return new Descriptor(root.getAttribute("version"), realms.isEmpty() ? "" : realms.get(0), sources, classes);
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagNameNS("*", name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static List<String> texts(Element parent, String name) {
        return elements(parent, name).stream()
                .map(element -> element.getTextContent().strip())
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
