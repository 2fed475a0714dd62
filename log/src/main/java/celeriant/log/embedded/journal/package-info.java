/**
 * The truth: records in segment files, the mark up to which they are durable, what opening makes of what a crash left.
 */
package celeriant.log.embedded.journal;
