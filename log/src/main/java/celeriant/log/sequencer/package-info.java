/**
 * What every engine shares: the pure decisions behind each write ({@link celeriant.log.sequencer.Sequencer}), the
 * records that make a decision durable ({@link celeriant.log.sequencer.LogRecord}), the view that decisions are taken
 * from ({@link celeriant.log.sequencer.LogView}, with an {@link celeriant.log.sequencer.Overlay} of what is decided and
 * not durable yet), and the hash chain. This is the interface for engines (SPI); applications use
 * {@link celeriant.log.EventLog}. No clock, no I/O, no threads: time, randomness and what is stored come in as
 * arguments. May import {@code celeriant.log} and {@code celeriant.model}.
 */
package celeriant.log.sequencer;
