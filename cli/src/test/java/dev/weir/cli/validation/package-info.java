/** Tests of what is validated when everything is, and how that is told. */
package dev.weir.cli.validation;
