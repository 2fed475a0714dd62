/** Runs {@code conformance/protocol} against a gateway, ours or one elsewhere. Uses the public API alone. */
package celeriant.gateway.conformance;
