/**
 * A report as one HTML file that needs nothing else: styles, script and drawings are inside, and
 * its content security policy forbids everything else. The templates are in {@code src/main/jte}.
 */
package dev.weir.reports.html;
