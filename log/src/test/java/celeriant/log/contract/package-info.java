/**
 * What every {@link celeriant.log.EventLog} must do, as tests: an engine's own test extends
 * {@link celeriant.log.contract.EventLogContract} and says how to open the engine. Published as the log module's test
 * jar.
 */
package celeriant.log.contract;
