/**
 * Subscriptions: catch-up from the log, then live from a ring of recent events. An append is encoded once for all; a
 * subscriber is a response, a position and a time of last progress, and has no queue of its own.
 */
package celeriant.gateway.stream;
