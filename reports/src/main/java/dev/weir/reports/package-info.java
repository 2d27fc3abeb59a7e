/** Shows the results of the other modules as text, HTML and data files. */
package dev.weir.reports;
