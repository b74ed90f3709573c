/**
 * Web pages of the Markdown files of this repository: read, checked, written. A tool of the build; no part of the server.
 */
@NullMarked
package marina.site;

import org.jspecify.annotations.NullMarked;
