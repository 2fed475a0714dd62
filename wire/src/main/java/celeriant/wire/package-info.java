/**
 * The JSON form of the vocabulary and the device proofs (DPoP), for the gateway and the Java client alike. May import
 * {@code celeriant.model} and the JSON library.
 *
 * <p>What PROTOCOL names has a reader and a writer, for both ends: appends ({@link celeriant.wire.AppendsReader},
 * {@link celeriant.wire.EventsReader} for the short form), their results, pages, states, problems. They stream, through
 * {@link celeriant.wire.JsonReader} and {@link celeriant.wire.JsonBytes}; an event's data passes as the bytes that it
 * is. {@link celeriant.wire.JsonTree} alone builds a tree, of small bodies that hold no event. A device is its
 * {@link celeriant.wire.DeviceKey}, of whose public half, a {@link celeriant.wire.Jwk}, the gateway makes its id; it
 * sends a {@link celeriant.wire.DpopProof}, and what came is a {@link celeriant.wire.ParsedProof}.
 */
package celeriant.wire;
