/** What an operator looks at: health, readiness, metrics, on a port of their own. */
package celeriant.gateway.ops;
