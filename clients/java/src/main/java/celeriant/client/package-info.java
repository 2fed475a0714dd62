/**
 * The Java client: {@link celeriant.client.Celeriant} is the handle that an application holds. Appends are durable in a
 * local buffer before anything is sent, reach the log in order and once, and what the log says comes back as state.
 * What is public here is API; the rest is the sync loop: a core that is polled and one thread that polls it. Java 17.
 */
package celeriant.client;
