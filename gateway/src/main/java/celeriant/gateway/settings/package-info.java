/**
 * Access, members, shares, schemas and {@code me} over HTTP. What they mean is decided elsewhere; this reads and
 * shapes.
 */
package celeriant.gateway.settings;
