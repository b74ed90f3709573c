package marina.webapp;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * The page for errors that a WAR has no page for. Jetty's own page shows the exceptions' messages to the client. A servlet
 * of any EE level, by way of a dynamic proxy. Thread-safe.
 */
final class ErrorPage implements InvocationHandler {
    /** Below WEB-INF, where clients cannot ask for it. */
    static final String PATH = "/WEB-INF/marina/error";

    private final String api;
    private final Method getAttribute;
    private final Method setContentType;
    private final Method getWriter;
    private volatile @Nullable Object config;

    private ErrorPage(ClassLoader loader, String api) throws NoSuchMethodException {
        this.api = api;
        getAttribute = EeClass.load(loader, api + ".ServletRequest").getMethod("getAttribute", String.class);
        Class<?> response = EeClass.load(loader, api + ".ServletResponse");
        setContentType = response.getMethod("setContentType", String.class);
        getWriter = response.getMethod("getWriter");
    }

    /**
     * The servlet.
     *
     * @param loader of the EE level
     * @param api {@code javax.servlet} or {@code jakarta.servlet}
     */
    static Object servlet(ClassLoader loader, String api) {
        try {
            Class<?>[] types = {EeClass.load(loader, api + ".Servlet")};
            return Proxy.newProxyInstance(loader, types, new ErrorPage(loader, api));
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
        String title = code + " " + HttpStatus.getMessage(code);
        setContentType.invoke(response, "text/html;charset=utf-8");
        if (getWriter.invoke(response) instanceof PrintWriter page) {
            page.print("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title
                    + "</title></head>\n<body><h1>" + title + "</h1></body></html>\n");
        }
    }
}
