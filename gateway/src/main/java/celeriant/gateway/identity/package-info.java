/**
 * Who asks: nonces, proofs and tokens of devices (RFC 9449), people signed in on them, API keys of backends. Decides
 * nothing about what they may do.
 */
package celeriant.gateway.identity;
