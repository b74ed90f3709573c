/**
 * A todo list in plain servlets: one list per context, kept in the database that the server offers to that context.
 *
 * <pre>
 * RequestGuard -> TodoServlet  -> TodoStore -> java:comp/env/jdbc/default
 *              -> AssetServlet     TodoPage (HTML), Json (for fetch)
 *              -> FailureServlet   every error answer, as page or as JSON
 * </pre>
 */
@NullMarked
package example.todo;

import org.jspecify.annotations.NullMarked;
