/** What callers read, through index and journal, on their own threads. */
package celeriant.log.embedded.reads;
