/**
 * What the operator of a gateway sets up with commands, not over HTTP: orgs and the API keys of backends. One small
 * file in the data folder, written whole; a running gateway notices a change within a second or so.
 */
package celeriant.gateway.operator;
