/**
 * The Java client: {@link celeriant.client.Celeriant} is the handle that an application holds. Appends are durable in a
 * local buffer before anything is sent, reach the log in order and once, and what the log says comes back as state.
 * What is public here is API; the rest is the sync loop: a core that is polled and one thread that polls it. Java 17.
 *
 * <p>Who reads the core begins with {@code SyncLoop}, which follows the table of {@code SyncState} and drives two
 * things side by side. Out: an append goes into the {@code Outbox}, which writes it to the buffer; the {@code Pusher}
 * sends what is there. In: the {@code Follower} reads the merged log for the {@code OpenAggregates}, each of which has
 * its {@code ConfirmedAggregate}. What was appended and is not read back yet, the {@code Overlay}, lies on top of that:
 * in {@code LayeredRegisters}, and in each {@code Projected} state.
 */
package celeriant.client;
