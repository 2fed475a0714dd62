/** The certificate that the gateway shows, from files that may change while it runs. Knows no HTTP. */
package celeriant.gateway.tls;
