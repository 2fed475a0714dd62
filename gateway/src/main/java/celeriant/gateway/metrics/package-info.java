/** What a gateway counts and measures of itself, and how Prometheus reads it. Knows no HTTP. */
package celeriant.gateway.metrics;
