/** Who waits for more is told when it is durable. */
package celeriant.log.embedded.subscriptions;
