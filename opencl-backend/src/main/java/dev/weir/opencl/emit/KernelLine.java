package dev.weir.opencl.emit;

import dev.weir.mapper.schedule.NodePath;
import java.util.Optional;

/**
 * A line of a kernel's text.
 *
 * @param text it, without an end of line
 * @param depth blocks around it; a line that opens or closes a block stands outside of it
 * @param node the node of the schedule that the statement on it begins, if one does
 */
public record KernelLine(String text, int depth, Optional<NodePath> node) {}
