/**
 * HTTP itself, before any meaning: paths and queries, the router, bodies and their limits, answers and problems, and
 * the way from an event loop to a worker and back. Knows Vert.x; knows no log.
 */
package celeriant.gateway.http;
