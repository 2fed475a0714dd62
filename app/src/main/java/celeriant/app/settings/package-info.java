/**
 * Configuration: records become settings that a file, the environment and flags may give. Imports the records of the
 * modules below, nothing of the commands.
 */
package celeriant.app.settings;
