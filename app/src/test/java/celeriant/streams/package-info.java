/**
 * A checker of the gateway's streams from outside: a real process that is killed, real sockets, a client of its own
 * that shares no code with the product's.
 */
package celeriant.streams;
