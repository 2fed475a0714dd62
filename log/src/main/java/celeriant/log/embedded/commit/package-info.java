/**
 * Writing: callers queue, one thread decides a group by the index, writes it to the journal, syncs once and answers.
 */
package celeriant.log.embedded.commit;
