/** The login of persons: verifies the tokens of OIDC providers. The only package that knows the JOSE library. */
package celeriant.gateway.oidc;
