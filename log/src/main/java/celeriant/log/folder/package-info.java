/** A data folder has one user at a time, who writes it or proves it. Knows nothing of what is in it. */
package celeriant.log.folder;
