/**
 * One seeded, single-threaded world with its own time: real clients, the real gateway without its sockets and the log
 * in memory, between them a network that loses, cuts, repeats and delays, under them devices that crash. The laws are
 * looked at after every step. Tests only.
 */
package celeriant.simulation;
