/**
 * The engine that keeps everything in memory and nothing on disk: for tests, for demonstrations, and as the yardstick
 * that the other engines are compared with. May import {@code celeriant.log} and its SPI packages, and
 * {@code celeriant.model}.
 */
package celeriant.log.memory;
