/** Parts of a report from what the readers of a schedule found: nothing is computed anew here. */
package dev.weir.reports.parts;
