/** What is validated when everything that comes with Weir is, and how that is told. */
package dev.weir.cli.validation;
