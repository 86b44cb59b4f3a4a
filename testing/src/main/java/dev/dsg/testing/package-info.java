/**
 * What the tests of the services share: a grip on the service ({@link dev.dsg.testing.ServiceTest}), the real servers ({@link dev.dsg.testing.EmbeddedServers}), a network and a data
 * set small enough for a test ({@link dev.dsg.testing.SmallWorld}), and what was said on the topics
 * ({@link dev.dsg.testing.Said}).
 */
package dev.dsg.testing;
