/** Problems and devices that the tests of this module share. */
package dev.weir.opencl.example;
