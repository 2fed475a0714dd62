/**
 * HTTP and Server-Sent Events over any {@link celeriant.log.EventLog}: the protocol, identity, access. Knows no engine.
 */
package celeriant.gateway;
