/** A report as data for other programs. */
package dev.weir.reports.data;
