/** What the pages of the documentation say is run or parsed. */
package dev.weir.cli.docs;
