/**
 * The calls to the disk, behind one interface, so that tests can put a worse disk in its place; who owns the folder;
 * and the watch for calls that hang.
 */
package celeriant.log.embedded.disk;
