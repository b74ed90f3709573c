package marina.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Looks for what is wrong with a web.xml, as far as that can be told without a WAR. */
final class WebXmlCheck extends DefaultHandler {
    private static final String ROOT = "web-app";
    private static final String TIMEOUT = "session-timeout";

    private final String name;
    private final Reading reading;
    private final StringBuilder text = new StringBuilder();
    private @Nullable Locator locator;
    private int depth;

    private WebXmlCheck(String name, Reading reading) {
        this.name = name;
        this.reading = reading;
    }

    static void check(Path file, Reading reading) {
        String name = reading.directories().display(file);
        try (InputStream content = Files.newInputStream(file)) {
            SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            factory.newSAXParser().parse(content, new WebXmlCheck(name, reading));
        } catch (SAXParseException e) {
            reading.problem(
                    new SourceLocation(name, e.getLineNumber(), e.getColumnNumber()),
                    "",
                    "is not well-formed XML: " + e.getMessage());
        } catch (IOException | SAXException | ParserConfigurationException e) {
            reading.problem(SourceLocation.of(name), "", "cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void setDocumentLocator(Locator documentLocator) {
        locator = documentLocator;
    }

    /** Old descriptors name a DTD on a web server that is long gone; nothing is ever fetched. */
    @Override
    public InputSource resolveEntity(String publicId, String systemId) {
        return new InputSource(new StringReader(""));
    }

    @Override
    public void startElement(String uri, String local, String qualified, Attributes attributes) {
        text.setLength(0);
        if (depth == 0 && !ROOT.equals(local)) {
            problem("begins with <" + local + ">; the first element of a web.xml is <web-app>");
        }
        depth++;
    }

    @Override
    public void endElement(String uri, String local, String qualified) {
        depth--;
        String value = text.toString().strip();
        if (TIMEOUT.equals(local) && !value.matches("-?\\d{1,7}")) {
            problem(Secrets.quote(value) + " is no session-timeout; write a number of minutes, e.g. 30");
        }
        text.setLength(0);
    }

    @Override
    public void characters(char[] characters, int start, int length) {
        text.append(characters, start, length);
    }

    /** The parser tells of it by an exception, too. */
    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }

    private void problem(String message) {
        int line = locator == null ? 0 : locator.getLineNumber();
        int column = locator == null ? 0 : locator.getColumnNumber();
        reading.problem(new SourceLocation(name, line, column), "", message);
    }
}
