/**
 * One person of a replayed document on the Java client, as a process that the replay starts, asks and kills. May import
 * the client.
 */
package celeriant.document;
