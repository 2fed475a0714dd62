/**
 * JSON Schemas (2020-12) of event types: registered by admins, kept as registers of one system aggregate of the org,
 * and asked in the order of the log before an append lands.
 */
package celeriant.gateway.schema;
