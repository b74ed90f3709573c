package marina.webapp;

import static marina.webapp.TestWar.servlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.config.EeLevel;

/** A WAR whose servlet puts things into the session and prints what is there. */
final class NotesWar {
    /** {@code ?set=NAME=TEXT}, {@code ?add=TEXT}: into a list inside the session, {@code ?end}, {@code ?renew}; prints all. */
    private static final String NOTES =
            """
            HttpSession s = q.getSession(q.getParameter("peek") == null);
            PrintWriter w = a.getWriter();
            if (s == null) { w.print("none"); return; }
            String gate = q.getParameter("wait");
            String set = q.getParameter("set");
            if (set != null) s.setAttribute(set.split("=")[0], set.split("=")[1]);
            if (gate != null) while (!new File(gate).exists()) Thread.sleep(20);
            String add = q.getParameter("add");
            if (add != null) {
                if (s.getAttribute("cart") == null) s.setAttribute("cart", new Cart());
                ((Cart) s.getAttribute("cart")).items.add(add);
            }
            if (q.getParameter("bad") != null) { s.setAttribute("bad", new Object()); s.setAttribute("bad2", new Object()); }
            String bell = q.getParameter("bell");
            if (bell != null) { s.setMaxInactiveInterval(1); s.setAttribute("bell", new Bell(bell)); }
            if (q.getParameter("renew") != null) q.changeSessionId();
            if (q.getParameter("end") != null) { s.invalidate(); w.print("ended"); return; }
            Map<String, Object> all = new TreeMap<>();
            for (String n : Collections.list(s.getAttributeNames())) if (n.indexOf('.') < 0 && !n.startsWith("bad")) all.put(n, s.getAttribute(n));
            w.print(all);
            """;

    private static final String CART =
            """
            package app;
            import java.util.*; import $API.servlet.http.*;
            public class Cart implements java.io.Serializable, HttpSessionActivationListener {
                private static final long serialVersionUID = VERSION;
                List<String> items = new ArrayList<>();
                public void sessionWillPassivate(HttpSessionEvent e) { items.add("left"); }
                public void sessionDidActivate(HttpSessionEvent e) { items.add("came"); }
                public String toString() { return items.toString(); }
            }
            """;

    private static final String BELL =
            """
            package app;
            import java.io.*; import $API.servlet.http.*;
            public class Bell implements Serializable, HttpSessionBindingListener {
                private final String file;
                public Bell(String file) { this.file = file; }
                public void valueUnbound(HttpSessionBindingEvent e) {
                    try { new File(file).createNewFile(); } catch (IOException x) { throw new UncheckedIOException(x); }
                }
                public String toString() { return "bell"; }
            }
            """;

    private NotesWar() {}

    /** Packs one; sessions of one version cannot be read by another. */
    static Path pack(Path base, EeLevel level, String version) throws IOException {
        return new TestWar(level, base)
                .type("app.Cart", CART.replace("VERSION", version))
                .type("app.Bell", BELL)
                .type("app.Do", servlet(NOTES), classes(base))
                .pack("notes.war");
    }

    /** Where {@link TestWar} has put what it has compiled. */
    private static String classes(Path base) throws IOException {
        try (var folders = Files.list(base)) {
            return String.join(
                    ":",
                    folders.filter(folder -> Files.exists(folder.resolve("app/Cart.class"))
                                    || Files.exists(folder.resolve("app/Bell.class")))
                            .map(Path::toString)
                            .toList());
        }
    }
}
