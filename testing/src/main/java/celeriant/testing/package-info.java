/**
 * For the tests of applications: {@link celeriant.testing.CeleriantTest} gives a test a running gateway over a log in
 * memory, and devices whose network can be cut, slowed down and refused. May import the client, the gateway and JUnit.
 */
package celeriant.testing;
