/** Rules that hold for the whole source tree; each is also shown an offender that it must catch. */
package dev.weir.cli.lint;
