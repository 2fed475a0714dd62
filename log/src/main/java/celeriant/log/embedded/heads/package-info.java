/** The head of each aggregate in a table outside the heap. */
package celeriant.log.embedded.heads;
