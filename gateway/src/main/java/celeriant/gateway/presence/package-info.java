/** Who is there right now: kept in memory alone, told to those who follow the aggregate, gone when it lapses. */
package celeriant.gateway.presence;
