/**
 * What a report shows, as values: every number is a {@link dev.weir.reports.model.Figure} with its
 * unit and its source. HTML, text and JSON are three views of them.
 */
package dev.weir.reports.model;
