/** Scripts as clients and operators see them. */
@org.jspecify.annotations.NullMarked
package marina.cgi;
