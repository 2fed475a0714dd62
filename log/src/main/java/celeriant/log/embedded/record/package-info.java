/** How records lie in bytes: format, encoder, decoder, check. */
package celeriant.log.embedded.record;
