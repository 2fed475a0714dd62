/**
 * The vocabulary as types: events, appends and their results, names, the error table, the limits, and the
 * last-write-wins fold. No dependencies, no I/O, no clock; Java 17, so that devices and Android can use it.
 */
package celeriant.model;
