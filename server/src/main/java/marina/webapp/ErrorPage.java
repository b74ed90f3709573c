package marina.webapp;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import marina.config.ErrorPages;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page for errors that a WAR has no page for: the operator's, or a plain one. Jetty's own page shows the exceptions' messages to the client. A servlet
 * of any EE level, by way of a dynamic proxy. Thread-safe.
 */
final class ErrorPage implements InvocationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorPage.class);

    /** Below WEB-INF, where clients cannot ask for it. */
    static final String PATH = "/WEB-INF/marina/error";

    private final String api;
    private final Method getAttribute;
    private final Method setContentType;
    private final Method getWriter;
    private final Method getHeader;
    private final ErrorPages pages;
    private volatile @Nullable Object config;

    private ErrorPage(ClassLoader loader, String api, ErrorPages pages) throws NoSuchMethodException {
        this.api = api;
        this.pages = pages;
        getAttribute = EeClass.load(loader, api + ".ServletRequest").getMethod("getAttribute", String.class);
        Class<?> response = EeClass.load(loader, api + ".ServletResponse");
        setContentType = response.getMethod("setContentType", String.class);
        getWriter = response.getMethod("getWriter");
        getHeader = EeClass.load(loader, api + ".http.HttpServletRequest").getMethod("getHeader", String.class);
    }

    /**
     * The servlet.
     *
     * @param loader of the EE level
     * @param api {@code javax.servlet} or {@code jakarta.servlet}
     * @param pages of the operator, for clients that take HTML
     */
    static Object servlet(ClassLoader loader, String api, ErrorPages pages) {
        try {
            Class<?>[] types = {EeClass.load(loader, api + ".Servlet")};
            return Proxy.newProxyInstance(loader, types, new ErrorPage(loader, api, pages));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(api + " is no servlet API", e);
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws ReflectiveOperationException {
        return switch (method.getName()) {
            case "init" -> {
                config = arguments == null ? null : arguments[0];
                yield null;
            }
            case "service" -> {
                if (arguments != null) {
                    write(arguments[0], arguments[1]);
                }
                yield null;
            }
            case "getServletConfig" -> config;
            case "getServletInfo", "toString" -> "Marina error page";
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            default -> null;
        };
    }

    private void write(@Nullable Object request, @Nullable Object response) throws ReflectiveOperationException {
        Object status = getAttribute.invoke(request, api + ".error.status_code");
        int code = status instanceof Integer number ? number : HttpStatus.INTERNAL_SERVER_ERROR_500;
        setContentType.invoke(response, "text/html;charset=utf-8");
        if (getWriter.invoke(response) instanceof PrintWriter page) {
            page.print(page(code, request));
        }
    }

    private String page(int code, @Nullable Object request) throws ReflectiveOperationException {
        Optional<Path> own = pages.of(code);
        String accepted = String.valueOf(getHeader.invoke(request, "Accept"));
        boolean html = accepted.equals("null") || accepted.contains("text/html") || accepted.contains("*/*");
        if (own.isPresent() && html) {
            try {
                return Files.readString(own.get());
            } catch (IOException e) {
                LOG.warn("The error page {} cannot be read: {}", own.get(), e.toString());
            }
        }
        String title = code + " " + HttpStatus.getMessage(code);
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title
                + "</title></head>\n<body><h1>" + title + "</h1></body></html>\n";
    }
}
