/** What every reader of a schedule counts, in one form, so that readers can be compared. */
package dev.weir.mapper.count;
