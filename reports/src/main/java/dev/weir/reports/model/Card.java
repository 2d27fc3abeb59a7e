package dev.weir.reports.model;

/**
 * One of the few things a reader should see first.
 *
 * @param label what it is
 * @param value the thing
 * @param note one line below it; may be empty
 */
public record Card(String label, Cell value, String note) {}
