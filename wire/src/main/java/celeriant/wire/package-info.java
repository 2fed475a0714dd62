/**
 * The JSON form of the vocabulary and the device proofs (DPoP), for the gateway and the Java client alike. Streaming
 * only: nothing builds a tree of JSON. May import {@code celeriant.model} and the JSON library.
 */
package celeriant.wire;
