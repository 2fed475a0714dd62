/** Removes from the files what was trimmed or deleted, and packs full segments. */
package celeriant.log.embedded.compaction;
