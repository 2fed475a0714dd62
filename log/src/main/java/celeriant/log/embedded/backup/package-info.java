/** Copies an open log into a folder. */
package celeriant.log.embedded.backup;
