/** Libraries that have a native part in their jar. For the log and the gateway alike; knows nothing of either. */
package celeriant.log.library;
