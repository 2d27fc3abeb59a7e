/**
 * Reads configuration files: YAML whose every key and value keeps its position, typed access that
 * reports mistakes where they stand, exact quantities with units, and published JSON schemas.
 */
package dev.weir.mapper.config;
